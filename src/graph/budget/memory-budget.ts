import type { BudgetStore } from '../../budget-store.js';

interface State {
  level: number;
  share: number;
  at: number;
}

/** A bucket holds no more than this many times its limit, whatever Graph said: it is empty two windows later. */
const MOST_FULL = 2;
const SHRINK = 0.8;
const LEAST_SHARE = 1 / 16;
const WINDOWS_TO_GROW = 10;

/** The ledger of a process that shares with no other, or whose shared ledger is away. */
export function createMemoryBudget(now: () => number = Date.now): BudgetStore {
  const buckets = new Map<string, State>();
  let pausedUntil = 0;

  function stateOf(bucket: string): State {
    const state = buckets.get(bucket) ?? { level: 0, share: 1, at: now() };
    buckets.set(bucket, state);
    return state;
  }

  return {
    lease(bucket, { take, units, windowMs, burst, used = 0 }) {
      const state = stateOf(bucket);
      const elapsed = Math.max(0, now() - state.at);
      const share = Math.min(1, state.share + elapsed / (windowMs * WINDOWS_TO_GROW));
      const perMs = (units * share) / windowMs;
      const level = Math.max(0, Math.min(state.level, units * MOST_FULL) - elapsed * perMs, used * units * share);
      const pauseMs = Math.max(0, pausedUntil - now());
      const over = level + take - Math.max(units * share * burst, take);
      const isGranted = pauseMs === 0 && over <= 0;
      const booked = level + (isGranted ? take : 0);
      buckets.set(bucket, { level: booked, share, at: now() });
      const waitMs = isGranted ? 0 : Math.max(pauseMs, over / perMs);
      return Promise.resolve({ waitMs, pauseMs, full: booked / (units * share) });
    },
    pause(bucket, pauseMs) {
      const state = stateOf(bucket);
      if (pausedUntil <= now()) state.share = Math.max(LEAST_SHARE, state.share * SHRINK);
      pausedUntil = Math.max(pausedUntil, now() + pauseMs);
      return Promise.resolve();
    },
    onPause() {},
  };
}

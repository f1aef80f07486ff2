import pTimeout from 'p-timeout';
import { LONGEST_PAUSE_MS, type BudgetStore, type Lease } from '../../budget-store.js';

/** Uses a remote ledger once there is one, and while it answers. */
export interface Failover extends BudgetStore {
  attach(remote: BudgetStore, onAway: (error: unknown) => void): void;
}

const LONGEST_ANSWER_MS = 1000;
/** How long the remote ledger is left alone after it did not answer. */
const AWAY_MS = 5000;

/** The budget must never fail a run: while the shared ledger is away, each process has its own. */
export function createFailover(local: BudgetStore, now: () => number): Failover {
  let remote: BudgetStore | undefined;
  let reportAway: (error: unknown) => void = () => {};
  let awayUntil = 0;
  const listeners: ((pauseMs: number) => void)[] = [];

  /** @returns undefined if there was no answer */
  async function ask<T>(question: (store: BudgetStore) => Promise<T>): Promise<T | undefined> {
    if (remote === undefined || now() < awayUntil) return undefined;
    try {
      return await pTimeout(question(remote), {
        milliseconds: LONGEST_ANSWER_MS,
        message: `no answer within ${LONGEST_ANSWER_MS} ms`,
      });
    } catch (error) {
      awayUntil = now() + AWAY_MS;
      reportAway(error);
      return undefined;
    }
  }

  return {
    attach(store, onAway) {
      remote = store;
      reportAway = onAway;
      for (const listener of listeners) store.onPause(listener);
    },
    async lease(bucket, wanted) {
      const wasAway = now() < awayUntil;
      const lease = await ask(async (store) => believable(await store.lease(bucket, wanted)));
      if (lease !== undefined) return lease;
      // What the others used is unknown; that the bucket is as full as it may be is the careful guess.
      const justLost = remote !== undefined && !wasAway;
      return await local.lease(
        bucket,
        justLost ? { ...wanted, used: Math.max(wanted.used ?? 0, wanted.burst) } : wanted,
      );
    },
    async pause(bucket, pauseMs) {
      await local.pause(bucket, pauseMs);
      await ask((store) => store.pause(bucket, pauseMs));
    },
    onPause(listener) {
      listeners.push(listener);
      remote?.onPause(listener);
    },
  };
}

/** @throws Error if the answer makes no sense: waits are finite and no longer than the longest pause */
function believable(lease: Lease): Lease {
  const { waitMs, pauseMs, full } = lease;
  const isWait = (ms: number) => ms >= 0 && ms <= LONGEST_PAUSE_MS;
  if (isWait(waitMs) && isWait(pauseMs) && Number.isFinite(full)) return lease;
  throw new Error(`the shared budget answers waitMs ${waitMs}, pauseMs ${pauseMs}, full ${full}`);
}

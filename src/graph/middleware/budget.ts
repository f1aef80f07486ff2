import { setTimeout as sleep } from 'node:timers/promises';
import { RetryLater } from '../../errors.js';
import type { Middleware } from '../exchange.js';
import { retryAfterMs } from '../retry-after.js';

/** What may be asked of one tenant now. Everything that reads this tenant goes through the same one. */
export interface Budget {
  /** Milliseconds until requests may be sent again; 0 when they may. */
  pauseLeftMs(): number;
  /** Nobody sends for this long. A shorter pause never cuts a longer one. */
  pause(ms: number): void;
}

export function createBudget(now: () => number = Date.now): Budget {
  let pausedUntil = 0;
  return {
    pauseLeftMs: () => Math.max(0, pausedUntil - now()),
    pause: (ms) => {
      pausedUntil = Math.max(pausedUntil, now() + ms);
    },
  };
}

/** A longer wait than this gives the job back to the queue instead of holding a worker's slot. */
const LONGEST_WAIT_MS = 60_000;
// Used where a throttled answer does not say how long to wait, or says it again and again.
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Waits while the tenant is paused, and pauses it when Graph says so. Usage accrues while throttled, so an early
 * request prolongs the throttling: nobody sends before the pause is over.
 * @throws RetryLater where the pause is long
 * @see https://learn.microsoft.com/graph/throttling
 */
export function budget(shared: Budget): Middleware {
  let throttledInARow = 0;
  let waitedUntil = 0;
  return async (request, next) => {
    // Looked at again after each sleep: another request may have prolonged the pause meanwhile.
    for (let left = shared.pauseLeftMs(); left > 0; left = shared.pauseLeftMs()) {
      if (left > LONGEST_WAIT_MS) throw new RetryLater(left, 'Graph asked for a long wait');
      const until = performance.now() + left;
      // Those who wait at the same time lose the time once.
      request.tally.throttledMs += Math.max(0, Math.min(left, until - waitedUntil));
      waitedUntil = Math.max(waitedUntil, until);
      await sleep(left, undefined, { signal: request.signal });
    }
    const before = throttledInARow;
    const response = await next(request);
    const asked = retryAfterMs(response.headers);
    if (response.status === 429) {
      // Those that were under way together and are throttled together are so once, not one after the other.
      throttledInARow = before + 1;
      const guess = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (throttledInARow - 1)) * (1 + Math.random() / 4);
      shared.pause(asked === undefined || throttledInARow > 1 ? Math.max(asked ?? 0, guess) : asked);
    } else if (response.status === 503 && asked !== undefined) {
      shared.pause(asked);
    } else {
      throttledInARow = 0;
    }
    return response;
  };
}

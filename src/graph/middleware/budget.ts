import { setTimeout as sleep } from 'node:timers/promises';
import { RetryLater } from '../../errors.js';
import type { Budget } from '../budget/budget.js';
import { priceOf } from '../budget/costs.js';
import { rateLimitsOf } from '../budget/rate-limit-headers.js';
import type { GraphRequest, Middleware } from '../compose.js';

/** A longer wait than this gives the job back to the queue instead of holding a worker's slot. */
const LONGEST_WAIT_MS = 60_000;
// Used if a throttled answer does not say how long to wait, or if Graph throttles again and again.
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Waits while the tenant is paused and for the units that a request costs, and pauses the tenant when Graph says so. Usage
 * accrues while throttled, so an early request prolongs the throttling: no request is sent before the pause is over.
 * @throws RetryLater if the pause is long, or the units do not come within a minute
 * @see https://learn.microsoft.com/graph/throttling
 */
export function budget(shared: Budget): Middleware {
  let throttledInARow = 0;
  const wait = createWait();
  return async (request, next) => {
    const price = priceOf(request);
    const isPaid = async () => (price.units === 0 ? 0 : shared.pay(price));
    let payingMs = 0;
    // Checked again after each wait: another request may have prolonged the pause or spent the units.
    for (let isFree = false; !isFree;) {
      await pauseOver(shared, request, wait);
      const waitMs = await isPaid();
      if (waitMs > 0 && shared.pauseLeftMs() === 0) {
        payingMs += waitMs;
        if (payingMs > LONGEST_WAIT_MS) throw new RetryLater(waitMs, "Graph's budget for this application is used up");
        await wait(request, waitMs);
      }
      // If a pause began meanwhile, what was paid drains during it.
      isFree = waitMs === 0 && shared.pauseLeftMs() === 0;
    }
    const before = throttledInARow;
    const response = await next(request);
    const limits = rateLimitsOf(response);
    shared.settle(price, limits);
    if (limits.throttled) {
      // Requests that were in flight together and are throttled together count once.
      throttledInARow = before + 1;
      const asked = limits.waitMs;
      const guess = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (throttledInARow - 1)) * (1 + Math.random() / 4);
      const pauseMs = asked === undefined || throttledInARow > 1 ? Math.max(asked ?? 0, guess) : asked;
      await shared.pause(price.bucket, pauseMs);
    } else if (limits.waitMs !== undefined) {
      await shared.pause(price.bucket, limits.waitMs);
    } else {
      throttledInARow = 0;
    }
    return response;
  };
}

/** Waits while the tenant is paused, and no more: for requests that have paid already. */
export function pause(shared: Budget): Middleware {
  const wait = createWait();
  return async (request, next) => {
    await pauseOver(shared, request, wait);
    return next(request);
  };
}

async function pauseOver(shared: Budget, request: GraphRequest, wait: Wait): Promise<void> {
  for (let left = shared.pauseLeftMs(); left > 0; left = shared.pauseLeftMs()) {
    if (left > LONGEST_WAIT_MS) throw new RetryLater(left, 'Graph asked for a long wait');
    await wait(request, left);
  }
  request.signal.throwIfAborted();
}

type Wait = (request: GraphRequest, ms: number) => Promise<void>;

function createWait(): Wait {
  let waitedUntil = 0;
  return async ({ tally, signal }, ms) => {
    const until = performance.now() + ms;
    // Requests that wait at the same time lose the time once.
    tally.throttledMs += Math.max(0, Math.min(ms, until - waitedUntil));
    waitedUntil = Math.max(waitedUntil, until);
    await sleep(Math.ceil(ms), undefined, { signal });
  };
}

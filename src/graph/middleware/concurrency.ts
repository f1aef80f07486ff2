import type { Budget } from '../budget/budget.js';
import { kindOf, priceOf } from '../budget/costs.js';
import type { Middleware } from '../compose.js';

// If Graph must throttle, it throttles us before people who wait at a screen. Our limits stay the same.
// https://learn.microsoft.com/graph/throttling-limits#request-headers
const PRIORITY = { 'x-ms-throttle-priority': 'Low' };

/** Waits until there is room among the exchanges in flight. A batch is one exchange. */
export function concurrency(shared: Budget): Middleware {
  return (request, next) => {
    const limiter = shared.limiter(priceOf(request).bucket);
    return limiter.run(() => next({ ...request, headers: { ...request.headers, ...PRIORITY } }), request.signal);
  };
}

/** Says how long an exchange took, from which follows how many pay at once. */
export function latency(shared: Budget): Middleware {
  return async (request, next) => {
    const started = performance.now();
    const response = await next(request);
    // A refusal comes quickly and says nothing of the work.
    if (response.status < 400)
      shared.limiter(priceOf(request).bucket).took(kindOf(request), performance.now() - started);
    return response;
  };
}

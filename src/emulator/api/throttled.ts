import type { Caller } from '../login/access-tokens.js';
import type { World } from '../world.js';
import type { Route } from './answer.js';
import { GraphFailure } from './graph-failure.js';

// Graph reports the use of the bucket only when it is nearly full.
const TELLING = 0.8;

/**
 * Charges a request to its caller and refuses it if the bucket is full; returns the headers that report it.
 * @see https://learn.microsoft.com/graph/throttling-limits#response-headers
 */
export function throttled(world: World, caller: Caller, route: Route, units: number): Record<string, string> {
  const bucket = route.isReport === true ? 'reports' : 'directory';
  const charge = world.throttle?.charge(`${caller.clientId} ${caller.tenantId}`, bucket, units);
  if (charge === undefined) return {};
  const telling =
    charge.used > TELLING ? { 'x-ms-throttle-limit-percentage': String(Math.round(charge.used * 100) / 100) } : {};
  if (charge.retryAfterSeconds === undefined) return telling;
  const headers = { ...telling, 'Retry-After': String(charge.retryAfterSeconds) };
  if (bucket === 'reports') {
    throw new GraphFailure(
      429,
      'TooManyRequests',
      'This request is throttled. Please try again after the value specified in the Retry-After header.',
      headers,
    );
  }
  throw new GraphFailure(429, 'TooManyRequests', 'Too many requests', {
    ...headers,
    'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${caller.clientId}/${caller.tenantId}`,
    'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
  });
}

import type { GraphResponse } from '../compose.js';
import { headerNumber } from '../http/header-number.js';
import { retryAfterMs } from '../http/retry-after.js';

/** What one answer of Graph says about its limits. */
export interface RateLimits {
  readonly throttled: boolean;
  /** Undefined if it does not say how long to wait, or does not refuse. */
  readonly waitMs: number | undefined;
  /** Undefined if it does not say what the request cost; at most `MOST_UNITS`. */
  readonly units: number | undefined;
  /** How full the bucket is, if it says so: from 0.8 on, and at most `MOST_USED`. */
  readonly used: number | undefined;
}

/** Requests cost 1 to 6 units. What is beyond this is nonsense, which must not use the budget up for hours. */
const MOST_UNITS = 1000;
/** Graph says 0.8 to 1.8. What is beyond is nonsense, which must not block a tenant for longer than a full bucket does. */
const MOST_USED = 2;

/** @see https://learn.microsoft.com/graph/throttling-limits#response-headers */
export function rateLimitsOf({ status, headers }: GraphResponse): RateLimits {
  return {
    throttled: status === 429,
    waitMs: status === 429 || status === 503 ? retryAfterMs(headers) : undefined,
    units: atMost(MOST_UNITS, headerNumber(headers, 'x-ms-resource-unit')),
    used: atMost(MOST_USED, headerNumber(headers, 'x-ms-throttle-limit-percentage')),
  };
}

const atMost = (most: number, value: number | undefined) => (value === undefined ? undefined : Math.min(most, value));

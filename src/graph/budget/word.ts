import type { GraphResponse } from '../exchange.js';
import { retryAfterMs } from '../retry-after.js';

/** What Graph says about its limits in one answer. */
export interface Word {
  readonly throttled: boolean;
  /** Undefined where it does not say how long to wait, or does not refuse. */
  readonly waitMs: number | undefined;
  /** Undefined where it does not say what the request has cost. */
  readonly units: number | undefined;
  /** How full the bucket is, where it says so: from 0.8 on. */
  readonly used: number | undefined;
}

/** @see https://learn.microsoft.com/graph/throttling-limits#response-headers */
export function wordOf({ status, headers }: GraphResponse): Word {
  return {
    throttled: status === 429,
    waitMs: status === 429 || status === 503 ? retryAfterMs(headers) : undefined,
    units: number(headers['x-ms-resource-unit']),
    used: number(headers['x-ms-throttle-limit-percentage']),
  };
}

function number(value: string | undefined): number | undefined {
  const parsed = Number(value ?? Number.NaN);
  return Number.isFinite(parsed) && parsed >= 0 ? parsed : undefined;
}

/** What the emulator holds a caller to. Microsoft's numbers stand in its throttling limits; tests use smaller ones. */
export interface ThrottlingOptions {
  readonly unitsPerWindow: number;
  readonly windowMs: number;
  /** Requests, for sign-ins and audits. @see https://learn.microsoft.com/graph/throttling-limits#microsoft-entra-reporting */
  readonly reportsPerWindow?: number | undefined;
}

/** The state of a caller's bucket after one more request. */
export interface Charge {
  /** Share of the limit: 1 is full. */
  readonly used: number;
  /** Present if the request is refused. */
  readonly retryAfterSeconds?: number;
}

export interface Throttle {
  /** @param bucket `directory` costs units, `reports` counts requests */
  charge(caller: string, bucket: 'directory' | 'reports', units: number): Charge;
}

/** The highest percentage that Graph reports. */
const FULLEST = 1.8;

/**
 * Leaky buckets: what was used flows off evenly over the window. Refused requests count too, so that hammering
 * prolongs the wait. @see https://learn.microsoft.com/graph/throttling
 */
export function createThrottle(options: ThrottlingOptions, clock: () => number): Throttle {
  const levels = new Map<string, { readonly used: number; readonly at: number }>();
  return {
    charge(caller, bucket, units) {
      const limit = bucket === 'reports' ? (options.reportsPerWindow ?? Infinity) : options.unitsPerWindow;
      const cost = bucket === 'reports' ? 1 : units;
      const perMs = limit / options.windowMs;
      const now = clock();
      const before = levels.get(`${caller} ${bucket}`) ?? { used: 0, at: now };
      const level = limit === Infinity ? 0 : Math.max(0, before.used - (now - before.at) * perMs) + cost;
      levels.set(`${caller} ${bucket}`, { used: Math.min(level, limit * FULLEST), at: now });
      if (level <= limit) return { used: level / limit };
      const waitMs = (level - limit) / perMs;
      return { used: Math.min(level / limit, FULLEST), retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
    },
  };
}

import type { Limit } from '../../budget-store.js';
import type { Bucket } from './costs.js';

export interface LimitOptions {
  /** Where Graph is: the documented limits apply at Microsoft's hosts. */
  readonly host?: string | undefined;
  /** Of what Graph allows, so that other programs that use the same application have room; 100 unless given. */
  readonly percent?: number | undefined;
  /** In place of what Microsoft documents: for tests and benchmarks. */
  readonly limits?: Partial<Record<Bucket, Pick<Limit, 'units' | 'windowMs'>>> | undefined;
}

const WINDOW_MS = 10_000;
const REPORTS = 5;

// Requests in flight when the bucket is full must fit as well, and what each worker has leased and not yet sent. The rate
// stays the same; only the first window gives less.
const BURST = 0.9;

// https://learn.microsoft.com/graph/deployments
const MICROSOFT = /(^|\.)(microsoft\.(com|us)|chinacloudapi\.cn)$/;
// A gateway or an emulator may allow less or more. Too much to bind by itself: how full Graph says the bucket is holds us
// back all the same, because it is a share.
const ELSEWHERE = 1_000_000;

/**
 * How much may be asked, by the number of users in the tenant. Until it is known, the tenant counts as small.
 * @see https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 * @see https://learn.microsoft.com/graph/throttling-limits#identity-and-access-reports-service-limits
 */
export function limitOf(bucket: Bucket, users: number | undefined, options: LimitOptions): Limit {
  const { host, percent = 100, limits } = options;
  const isElsewhere = host !== undefined && !MICROSOFT.test(host);
  const known = bucket === 'reports' ? REPORTS : directoryUnits(users ?? 0);
  const documented = { units: isElsewhere ? ELSEWHERE : known, windowMs: WINDOW_MS };
  const { units, windowMs } = limits?.[bucket] ?? documented;
  return { units: (units * percent) / 100, windowMs, burst: BURST };
}

function directoryUnits(users: number): number {
  if (users < 50) return 3500;
  return users <= 500 ? 5000 : 8000;
}

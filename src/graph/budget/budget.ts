import { LONGEST_PAUSE_MS, type BudgetStore } from '../../budget-store.js';
import { createLimiter, type Limiter } from './limiter.js';
import type { RateLimits } from './rate-limit-headers.js';
import type { Bucket, Price } from './costs.js';
import { createFailover } from './failover.js';
import { limitOf, type LimitOptions } from './limits.js';
import { createMemoryBudget } from './memory-budget.js';
import { createLocalLease, type LocalLease } from './local-lease.js';

/**
 * One budget for all workers of a tenant and application. Its ledger is in Redis or Postgres (BudgetStore): one leaky
 * bucket of resource units for the directory and one of requests for the reports, as Graph has them. A process leases
 * an eightieth of the limit at a time and spends it without asking (LocalLease). What Graph answers corrects the ledger:
 * the cost of a request, how full the bucket is. A 429 pauses every process: this one at once, the others as soon as the
 * store tells them, at the latest with their next lease. While the ledger is away, each process has its own (Failover).
 * No rate-limiting library has such a ledger: those on Redis and Postgres count in fixed windows, which let twice the
 * limit through around the end of a window, and cannot be corrected.
 */
export interface Budget {
  /** Whole milliseconds until requests may be sent again; 0 when they may. */
  pauseLeftMs(): number;
  /** No process sends for this long. A shorter pause never cuts a longer one. */
  pause(bucket: Bucket, ms: number): Promise<void>;
  /** @returns milliseconds to wait before trying again; 0 if it is paid */
  pay(price: Price): Promise<number>;
  /** Corrects what was paid by what Graph says. */
  settle(price: Price, said: Pick<RateLimits, 'units' | 'used'>): void;
  limiter(bucket: Bucket): Limiter;
  share(shared: SharedBudget): void;
}

export interface SharedBudget {
  readonly store: BudgetStore;
  /** The known users of the tenant, which decide Graph's limits. */
  readonly countUsers: () => Promise<number>;
  /** Called if the store does not answer: work continues with a ledger of this process alone. */
  readonly onAway: (error: unknown) => void;
}

/** Throttled answers so close together count as one. */
const SAME_MS = 10;
const COUNT_EVERY_MS = 10 * 60_000;

export function createBudget(options: LimitOptions = {}, now: () => number = () => performance.now()): Budget {
  const store = createFailover(createMemoryBudget(now), now);
  let pausedUntil = 0;
  let users: number | undefined;
  let countUsers: SharedBudget['countUsers'] | undefined;
  let countAt = 0;

  /** A server, the store and other processes say how long: what is not a time, or longer than a day, is ignored. */
  const notePause = (ms: number) => {
    if (ms >= 0 && ms <= LONGEST_PAUSE_MS) pausedUntil = Math.max(pausedUntil, now() + ms);
  };
  store.onPause(notePause);

  const lane = (bucket: Bucket) => {
    const limit = () => {
      if (bucket === 'directory') count();
      return limitOf(bucket, users, options);
    };
    return { lease: createLocalLease(bucket, store, limit, now), limiter: createLimiter() };
  };
  const [directory, reports] = [lane('directory'), lane('reports')];
  const lanes: Readonly<Record<Bucket, { lease: LocalLease; limiter: Limiter }>> = { directory, reports };

  /** Runs in the background: until it ends, the last count applies. */
  function count(): void {
    if (countUsers === undefined || now() < countAt) return;
    countAt = now() + COUNT_EVERY_MS;
    countUsers().then(
      (counted) => (users = counted),
      () => {},
    );
  }

  return {
    // The queue takes no fractions.
    pauseLeftMs: () => Math.ceil(Math.max(0, pausedUntil - now())),
    async pause(bucket, ms) {
      // Requests that were in flight when the pause began are throttled for the same reason.
      if (pausedUntil <= now()) lanes[bucket].limiter.halve();
      const before = pausedUntil;
      notePause(ms);
      // The requests of a batch are throttled together: one pause is enough.
      if (pausedUntil - before > SAME_MS || ms === 0) await store.pause(bucket, ms);
    },
    async pay({ bucket, units }) {
      const { waitMs, pauseMs } = await lanes[bucket].lease.spend(units);
      if (pauseMs > 0) notePause(pauseMs);
      return waitMs;
    },
    settle({ bucket, units }, said) {
      const { lease } = lanes[bucket];
      if (bucket === 'directory' && units > 0 && said.units !== undefined) lease.correct(said.units - units);
      if (said.used !== undefined) lease.reportUsed(said.used);
    },
    limiter: (bucket) => lanes[bucket].limiter,
    share(shared) {
      countUsers = shared.countUsers;
      store.attach(shared.store, shared.onAway);
    },
  };
}

import { LONGEST_PAUSE_MS, type BudgetStore } from '../../budget-store.js';
import { createLimiter, type Limiter } from './limiter.js';
import type { Word } from './rate-limit-headers.js';
import type { Bucket, Price } from './costs.js';
import { createFailover } from './failover.js';
import { limitOf, type LimitOptions } from './limits.js';
import { createMemoryBudget } from './memory-budget.js';
import { createPurse, type Purse } from './local-lease.js';

/**
 * One budget for all workers of a tenant and application. The books are in Redis or Postgres (BudgetStore): one leaky
 * bucket of resource units for the directory and one of requests for the reports, as Graph keeps them. A process leases
 * an eightieth of the limit at a time and spends it without asking (Purse). What Graph answers corrects the books:
 * the cost of a request, how full the bucket is. A 429 pauses everybody: this process at once, the others as soon as the
 * store tells them, at the latest with their next lease. While the books are away each process keeps its own (Failover).
 * No rate-limiting library keeps such books: those on Redis and Postgres count in fixed windows, which let twice the
 * limit through around the end of a window, and cannot be corrected.
 */
export interface Budget {
  /** Whole milliseconds until requests may be sent again; 0 when they may. */
  pauseLeftMs(): number;
  /** Nobody sends for this long. A shorter pause never cuts a longer one. */
  pause(bucket: Bucket, ms: number): Promise<void>;
  /** @returns milliseconds to wait before trying again; 0 where it is paid */
  pay(price: Price): Promise<number>;
  /** Corrects what was paid by what Graph says. */
  settle(price: Price, word: Pick<Word, 'units' | 'used'>): void;
  limiter(bucket: Bucket): Limiter;
  share(shared: SharedBudget): void;
}

export interface SharedBudget {
  readonly store: BudgetStore;
  /** Users known of the tenant, by which Graph's limits go. */
  readonly countUsers: () => Promise<number>;
  /** Hears that the store does not answer: work goes on, with books of this process alone. */
  readonly onAway: (error: unknown) => void;
}

/** Complaints so close together are one. */
const SAME_MS = 10;
const COUNT_EVERY_MS = 10 * 60_000;

export function createBudget(options: LimitOptions = {}, now: () => number = () => performance.now()): Budget {
  const store = createFailover(createMemoryBudget(now), now);
  let pausedUntil = 0;
  let users: number | undefined;
  let countUsers: SharedBudget['countUsers'] | undefined;
  let countAt = 0;

  /** Others say how long as well: a server, the store, another process. What is no time, or beyond a day, is not obeyed. */
  const notePause = (ms: number) => {
    if (ms >= 0 && ms <= LONGEST_PAUSE_MS) pausedUntil = Math.max(pausedUntil, now() + ms);
  };
  store.onPause(notePause);

  const lane = (bucket: Bucket) => {
    const limit = () => {
      if (bucket === 'directory') count();
      return limitOf(bucket, users, options);
    };
    return { purse: createPurse(bucket, store, limit, now), limiter: createLimiter() };
  };
  const [directory, reports] = [lane('directory'), lane('reports')];
  const lanes: Readonly<Record<Bucket, { purse: Purse; limiter: Limiter }>> = { directory, reports };

  /** Nobody waits for it: what was known before holds meanwhile. */
  function count(): void {
    if (countUsers === undefined || now() < countAt) return;
    countAt = now() + COUNT_EVERY_MS;
    countUsers().then(
      (counted) => (users = counted),
      () => {},
    );
  }

  return {
    // Queues take no fractions.
    pauseLeftMs: () => Math.ceil(Math.max(0, pausedUntil - now())),
    async pause(bucket, ms) {
      // Those that were in flight when the pause began complain of the same.
      if (pausedUntil <= now()) lanes[bucket].limiter.halve();
      const before = pausedUntil;
      notePause(ms);
      // The requests of a batch complain together; once is enough for all.
      if (pausedUntil - before > SAME_MS || ms === 0) await store.pause(bucket, ms);
    },
    async pay({ bucket, units }) {
      const { waitMs, pauseMs } = await lanes[bucket].purse.take(units);
      if (pauseMs > 0) notePause(pauseMs);
      return waitMs;
    },
    settle({ bucket, units }, word) {
      const { purse } = lanes[bucket];
      if (bucket === 'directory' && units > 0 && word.units !== undefined) purse.correct(word.units - units);
      if (word.used !== undefined) purse.tell(word.used);
    },
    limiter: (bucket) => lanes[bucket].limiter,
    share(shared) {
      countUsers = shared.countUsers;
      store.attach(shared.store, shared.onAway);
    },
  };
}

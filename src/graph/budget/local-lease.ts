import type { BudgetStore, Lease, Limit } from '../../budget-store.js';

/** Both 0 where it is spent. */
export type Spent = Pick<Lease, 'waitMs' | 'pauseMs'>;

/** What this process may spend of a bucket without asking. */
export interface Purse {
  /** Spends, or says how long to wait before trying again. */
  readonly take: (units: number) => Promise<Spent>;
  /** A request has cost this much more than was taken for it, or less. */
  readonly correct: (units: number) => void;
  /** Graph says how full the bucket is: where that is more than the books say, nothing is spent before they know. */
  readonly tell: (used: number) => void;
}

// A lease is this part of the limit. With Graph's window of ten seconds and a budget that binds, all workers together ask
// for eight leases a second; where it does not bind, each asks as often as it spends.
const CHUNK = 1 / 80;
/** Nobody spends longer than this from a lease: with the next one comes the word that somebody was told to wait. */
const LIFE_MS = 250;
// Other workers have booked since this one looked: a difference as small as this is no contradiction.
const CONTRADICTION = 0.1;
// Where Graph contradicts the books, some other program spends as well, or the limit is lower than documented.
const CAREFUL = 0.75;
const GRANTED = { waitMs: 0, pauseMs: 0 };

export function createPurse(bucket: string, store: BudgetStore, limit: () => Limit, now: () => number): Purse {
  let balance = 0;
  let expiresAt = 0;
  let notBefore = 0;
  let full = 0;
  let used: number | undefined;
  let leasing: Promise<Lease> | undefined;

  async function lease(units: number): Promise<Lease> {
    const limitNow = limit();
    // What is left of an old lease has flowed off long ago; what was overdrawn is still owed.
    if (now() >= expiresAt) balance = Math.min(0, balance);
    const told = used;
    used = undefined;
    // Where Graph complains, small steps: what it says after each of them corrects the next.
    const chunk = told === undefined ? limitNow.units * CHUNK : 0;
    const burst = told === undefined ? limitNow.burst : Math.min(CAREFUL, limitNow.burst);
    const take = Math.max(chunk, units) - balance;
    const lease = await store.lease(bucket, { ...limitNow, burst, take, used: told });
    full = lease.full;
    if (lease.waitMs > 0) {
      notBefore = now() + lease.waitMs;
      return lease;
    }
    balance += take;
    expiresAt = now() + LIFE_MS;
    return lease;
  }

  async function take(units: number): Promise<Spent> {
    for (;;) {
      if (used === undefined && balance >= units && now() < expiresAt) {
        balance -= units;
        return GRANTED;
      }
      const waitMs = notBefore - now();
      if (waitMs > 0) return { waitMs, pauseMs: 0 };
      leasing ??= lease(units).finally(() => (leasing = undefined));
      const leased = await leasing;
      if (leased.waitMs > 0) return leased;
    }
  }

  return {
    take,
    correct(units) {
      balance -= units;
    },
    tell(fraction) {
      if (fraction > full + CONTRADICTION) used = Math.max(used ?? 0, fraction);
    },
  };
}

import type { BudgetStore, Lease, Limit } from './budget-store.js';

/** What this process may spend of a bucket without asking. */
export interface Purse {
  /** Spends, or says how long to wait before trying again. */
  take(units: number): Promise<Lease>;
  /** A request has cost this much more than was taken for it, or less. */
  correct(units: number): void;
  /** Graph says how full the bucket is: nothing more is spent before the books know. */
  tell(used: number): void;
}

// A lease is what flows off in this time. Under a budget that binds, all workers together then ask for eight leases a
// second; under one that does not, a worker asks as often as it spends.
const CHUNK_MS = 125;
/** Nobody spends longer than this from a lease: with the next one comes the word that somebody was told to wait. */
const LIFE_MS = 1000;
const GRANTED: Lease = { waitMs: 0, pauseMs: 0 };

export function createPurse(bucket: string, store: BudgetStore, limit: () => Limit, now: () => number): Purse {
  let balance = 0;
  let expiresAt = 0;
  let notBefore = 0;
  let used: number | undefined;
  let leasing: Promise<Lease> | undefined;

  async function lease(units: number): Promise<Lease> {
    const limitNow = limit();
    // What is left of an old lease has flowed off long ago; what was overdrawn is still owed.
    if (now() >= expiresAt) balance = Math.min(0, balance);
    const told = used;
    used = undefined;
    // Where Graph complains, small steps: what it says after each of them corrects the next.
    const chunk = told === undefined ? (limitNow.units / limitNow.windowMs) * CHUNK_MS : 0;
    const take = Math.max(chunk, units) - balance;
    const lease = await store.lease(bucket, { ...limitNow, take, used: told });
    if (lease.waitMs > 0) {
      notBefore = now() + lease.waitMs;
      return lease;
    }
    balance += take;
    expiresAt = now() + LIFE_MS;
    return lease;
  }

  async function take(units: number): Promise<Lease> {
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
      used = Math.max(used ?? 0, fraction);
    },
  };
}

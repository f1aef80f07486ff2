import type { BudgetStore, Lease, Limit } from '../../budget-store.js';

/** Both 0 if it is spent. */
export type Spent = Pick<Lease, 'waitMs' | 'pauseMs'>;

/** What this process may spend of a bucket without asking. */
export interface LocalLease {
  /** Spends, or says how long to wait before trying again. */
  readonly spend: (units: number) => Promise<Spent>;
  /** A request cost this much more, or less, than was spent for it. */
  readonly correct: (units: number) => void;
  /** How full the bucket is, says Graph. If the ledger says less, it is corrected before anything else is spent. */
  readonly reportUsed: (used: number) => void;
}

// A lease is this part of the limit. With Graph's window of ten seconds and a budget that binds, all workers together ask
// for eight leases a second; if it does not bind, each asks as often as it spends.
const CHUNK = 1 / 80;
/** A lease is spent no longer than this: the next one says whether another process was told to wait. */
const LIFE_MS = 250;
// Other workers have booked since the last lease: a difference as small as this is no contradiction.
const CONTRADICTION = 0.1;
// If Graph contradicts the ledger, another program spends as well, or the limit is lower than documented.
const CAREFUL = 0.75;
const GRANTED = { waitMs: 0, pauseMs: 0 };

export function createLocalLease(
  bucket: string,
  store: BudgetStore,
  limit: () => Limit,
  now: () => number,
): LocalLease {
  let balance = 0;
  let expiresAt = 0;
  let notBefore = 0;
  let full = 0;
  let used: number | undefined;
  let leasing: Promise<Lease> | undefined;

  async function lease(units: number): Promise<Lease> {
    const limitNow = limit();
    // The rest of an old lease has expired; what was overdrawn is still owed.
    if (now() >= expiresAt) balance = Math.min(0, balance);
    const told = used;
    used = undefined;
    // If Graph contradicts us, small steps: each answer corrects the next.
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

  async function spend(units: number): Promise<Spent> {
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
    spend,
    correct(units) {
      balance -= units;
    },
    reportUsed(fraction) {
      if (fraction > full + CONTRADICTION) used = Math.max(used ?? 0, fraction);
    },
  };
}

import type { PoolClient } from 'pg';
import type { Database } from '../database.js';
import { endSession, giveBack, tryLock, type SessionLock } from '../locks/session-locks.js';

/** Readers of a tenant share this lock; its removal holds it alone. */
const nameOf = (tenantId: string) => `tenant ${tenantId}`;

/** The tenants that this process reads, as others can see it. */
export interface TenantLocks {
  /** @returns false while the tenant is being removed */
  share(tenantId: string): Promise<boolean>;
  release(tenantId: string): Promise<void>;
  /** Locks again what a broken connection released. @returns the tenants that are being removed */
  refresh(): Promise<string[]>;
  close(): void;
}

/** One connection for all of them: it carries locks, and is gone with its process. */
export function createTenantLocks({ pool }: Database): TenantLocks {
  const held = new Map<string, SessionLock>();
  let opening: Promise<PoolClient> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function open(): Promise<PoolClient> {
    const client = await pool.connect();
    client.on('error', () => {
      opening = undefined;
      client.release(true);
    });
    return client;
  }

  function connection(): Promise<PoolClient> {
    const current = (opening ??= open());
    current.catch(() => {
      if (opening === current) opening = undefined;
    });
    return current;
  }

  /** One after the other, as a connection wants it. */
  function inTurn<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const answer = last.then(async () => work(await connection()));
    last = answer.catch(() => {});
    return answer;
  }

  async function take(tenantId: string): Promise<boolean> {
    const lock = await inTurn((client) => tryLock(client, nameOf(tenantId), 'shared'));
    if (lock === undefined) held.delete(tenantId);
    else held.set(tenantId, lock);
    return lock !== undefined;
  }

  return {
    share: take,
    async release(tenantId) {
      const lock = held.get(tenantId);
      held.delete(tenantId);
      if (opening !== undefined && lock !== undefined) await inTurn((client) => giveBack(client, lock));
    },
    async refresh() {
      if (opening !== undefined) return [];
      const lost: string[] = [];
      for (const tenantId of Array.from(held.keys())) if (!(await take(tenantId))) lost.push(tenantId);
      return lost;
    },
    close() {
      const current = opening;
      const locks = [...held.values()];
      opening = undefined;
      held.clear();
      void current?.then((client) => endSession(client, locks)).catch(() => {});
    },
  };
}

/** @returns undefined while the tenant is read or removed */
export async function tryLockTenant({ pool }: Database, tenantId: string): Promise<{ release(): void } | undefined> {
  const client = await pool.connect();
  client.on('error', () => {});
  try {
    const lock = await tryLock(client, nameOf(tenantId), 'exclusive');
    if (lock !== undefined) return { release: () => endSession(client, [lock]) };
  } catch (error) {
    endSession(client, []);
    throw error;
  }
  endSession(client, []);
  return undefined;
}

import type { PoolClient } from 'pg';
import type { Database } from './database.js';

/** Whoever reads a tenant shares this lock; whoever removes it has it alone. */
const KEY = "pg_catalog.hashtextextended('rollcall tenant:' || $1::text, 0::bigint)";

/** The tenants that this process reads, as others can see it. */
export interface TenantLocks {
  /** @returns false where somebody is removing the tenant */
  share(tenantId: string): Promise<boolean>;
  release(tenantId: string): Promise<void>;
  /** Takes up again what broke with a connection. @returns the tenants that somebody is removing meanwhile */
  refresh(): Promise<string[]>;
  close(): void;
}

/** One connection for all of them: it carries locks, and is gone with its process. */
export function createTenantLocks({ pool }: Database): TenantLocks {
  const held = new Set<string>();
  let opening: Promise<PoolClient> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function open(): Promise<PoolClient> {
    const client = await pool.connect();
    client.on('error', () => {
      opening = undefined;
      client.release(true);
    });
    try {
      await client.query(
        'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3',
      );
      return client;
    } catch (error) {
      client.removeAllListeners('error').on('error', () => {});
      client.release(true);
      throw error;
    }
  }

  function connection(): Promise<PoolClient> {
    const current = (opening ??= open());
    current.catch(() => {
      if (opening === current) opening = undefined;
    });
    return current;
  }

  /** One after the other, as a connection wants it. */
  function ask(what: string, tenantId: string): Promise<boolean> {
    const answer = last.then(async () => {
      const client = await connection();
      const { rows } = await client.query<{ done: boolean }>(`select ${what}(${KEY}) as done`, [tenantId]);
      return rows[0]?.done === true;
    });
    last = answer.catch(() => {});
    return answer;
  }

  return {
    async share(tenantId) {
      const shared = await ask('pg_catalog.pg_try_advisory_lock_shared', tenantId);
      if (shared) held.add(tenantId);
      return shared;
    },
    async release(tenantId) {
      held.delete(tenantId);
      if (opening !== undefined) await ask('pg_catalog.pg_advisory_unlock_shared', tenantId);
    },
    async refresh() {
      if (opening !== undefined) return [];
      const lost: string[] = [];
      for (const tenantId of held) {
        if (!(await ask('pg_catalog.pg_try_advisory_lock_shared', tenantId))) lost.push(tenantId);
      }
      for (const tenantId of lost) held.delete(tenantId);
      return lost;
    },
    close() {
      const current = opening;
      opening = undefined;
      held.clear();
      void current
        ?.then((client) => {
          client.removeAllListeners('error').on('error', () => {});
          client.release(true);
        })
        .catch(() => {});
    },
  };
}

/** @returns undefined while somebody reads the tenant, or removes it */
export async function tryLockTenant({ pool }: Database, tenantId: string): Promise<{ release(): void } | undefined> {
  const client = await pool.connect();
  const ignore = () => {};
  client.on('error', ignore);
  const letGo = () => client.release(true);
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_catalog.pg_try_advisory_lock(${KEY}) as locked`,
      [tenantId],
    );
    if (rows[0]?.locked === true) return { release: letGo };
  } catch (error) {
    letGo();
    throw error;
  }
  letGo();
  return undefined;
}

import type { PoolClient } from 'pg';
import type { Database } from './database.js';

/** Held while one process works on one task of one tenant. */
export interface RunLock {
  /** Aborted when the connection that holds the lock breaks: Postgres has then given the lock away. */
  readonly lost: AbortSignal;
  release(): void;
}

export interface LockName {
  readonly tenantId: string;
  readonly task: string;
}

const KEY = "pg_catalog.hashtextextended('rollcall:' || $1::text || ':' || $2::text, 0::bigint)";

/**
 * A lock that lives as long as its connection: a killed process loses it at once, with nothing to expire or clean up, and
 * a machine that vanished loses it when the server's keep-alives find nobody, within a minute.
 * @returns undefined where another process holds it
 */
export async function tryLockRun({ pool }: Database, { tenantId, task }: LockName): Promise<RunLock | undefined> {
  const client = await pool.connect();
  const lost = new AbortController();
  const onError = (error: Error) => lost.abort(error);
  client.on('error', onError);
  try {
    await client.query('set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3');
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_catalog.pg_try_advisory_lock(${KEY}) as locked`,
      [tenantId, task],
    );
    if (rows[0]?.locked === true) return { lost: lost.signal, release: () => letGo(client, onError) };
  } catch (error) {
    letGo(client, onError);
    throw error;
  }
  client.off('error', onError);
  client.release();
  return undefined;
}

// The connection is closed, not given back: a lock must never stay behind on a connection that somebody else uses.
function letGo(client: PoolClient, onError: (error: Error) => void): void {
  client.off('error', onError);
  client.on('error', () => {});
  client.release(true);
}

/** Whether some process works on it right now. */
export async function isRunLocked({ pool }: Database, { tenantId, task }: LockName): Promise<boolean> {
  const { rows } = await pool.query<{ locked: boolean }>(
    `select exists (
       select from pg_locks
       where locktype = 'advisory' and objsubid = 1 and granted
         and database = (select oid from pg_database where datname = current_database())
         and (classid::bigint << 32 | objid::bigint) = ${KEY}) as locked`,
    [tenantId, task],
  );
  return rows[0]?.locked === true;
}

import { randomBytes } from 'node:crypto';
import type { ClientBase, Pool, PoolClient } from 'pg';
import pTimeout from 'p-timeout';

export type LockMode = 'exclusive' | 'shared';

/** A lock that a session has. */
export interface SessionLock {
  readonly name: string;
  /** The number of the advisory lock that proves it. */
  readonly proof: bigint;
}

// Postgres frees an advisory lock with the session that holds it, however that ends; but every role may take any number, and see
// which ones are taken. So a lock is a row, which needs a right, and the advisory lock only proves that its session lives: under
// a random number that nobody can take first, and that counts for this process of the server alone.
const LIVES = `exists (
  select from pg_locks p
  where p.locktype = 'advisory' and p.objsubid = 1 and p.granted and p.pid = l.pid
    and p.database = (select oid from pg_database where datname = current_database())
    and (p.classid::bigint << 32 | p.objid::bigint) = l.proof)`;

/**
 * Takes a lock for the session of a connection: it is held until `giveBack`, or the end of the connection.
 * @param client a connection that keeps its session and is in no transaction
 * @returns undefined if another session has it
 */
export async function tryLock(client: ClientBase, name: string, mode: LockMode): Promise<SessionLock | undefined> {
  await client.query('begin');
  try {
    await client.query('lock table rollcall_staging.locks in share row exclusive mode');
    await client.query(`delete from rollcall_staging.locks l where not ${LIVES}`);
    const { rowCount } = await client.query(
      `select from rollcall_staging.locks where name = $1 and 'exclusive' in (mode, $2) limit 1`,
      [name, mode],
    );
    const lock = rowCount === 0 ? { name, proof: randomBytes(8).readBigInt64BE() } : undefined;
    if (lock !== undefined) {
      await client.query('select pg_advisory_lock($1::bigint)', [lock.proof]);
      await client.query(
        `insert into rollcall_staging.locks (name, mode, pid, proof, since)
         values ($1, $2, pg_backend_pid(), $3, clock_timestamp())`,
        [name, mode, lock.proof],
      );
    }
    await client.query('commit');
    return lock;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

/** Ends a lock before its connection ends. */
export async function giveBack(client: ClientBase, { proof }: SessionLock): Promise<void> {
  await client.query('delete from rollcall_staging.locks where proof = $1', [proof]);
  await client.query('select pg_advisory_unlock($1::bigint)', [proof]);
}

/** A server that does not answer is not waited for: the lock ends with the connection in any case. */
const LONGEST_ANSWER_MS = 2000;

/**
 * Gives locks back and closes their connection, which must never be lent again with a lock that somebody forgot. Does not wait
 * for its end.
 */
export function endSession(client: PoolClient, locks: readonly SessionLock[]): void {
  client.removeAllListeners('error').on('error', () => {});
  const giving = Promise.all(locks.map((lock) => giveBack(client, lock))).catch(() => {});
  void pTimeout(giving, { milliseconds: LONGEST_ANSWER_MS, message: false }).then(() => client.release(true));
}

/** Whether any session has a lock of this name. */
export async function isLocked(pool: Pool, name: string): Promise<boolean> {
  const { rowCount } = await pool.query(`select from rollcall_staging.locks l where l.name = $1 and ${LIVES} limit 1`, [
    name,
  ]);
  return rowCount === 1;
}

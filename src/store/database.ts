import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool, type PoolClient } from 'pg';
import { RollcallError, systemCode } from '../errors.js';
import type { Logger } from '../log.js';

/** One connection inside one transaction. */
export interface Session {
  readonly db: NodePgDatabase;
  /** For what drizzle has no words for: COPY. */
  readonly client: PoolClient;
}

export interface Database {
  readonly db: NodePgDatabase;
  readonly pool: Pool;
  /** Commits what `work` did, or none of it. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly log: Logger;
  readonly maxConnections?: number;
}

const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Opens a pool and proves that the server answers.
 * @throws RollcallError `database_unreachable`
 */
export async function openDatabase({ url, log, maxConnections = 24 }: DatabaseOptions): Promise<Database> {
  const pool = new Pool({
    connectionString: url,
    max: maxConnections,
    application_name: 'rollcall',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // An idle connection that breaks is replaced by the pool; whoever used one hears of it from the query.
  pool.on('error', (error) => log.warn({ code: systemCode(error) }, 'an idle database connection broke'));
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw unreachable(url, error);
  }
  return {
    db: drizzle(pool),
    pool,
    transaction: (work) => transaction(pool, work),
    close: () => pool.end(),
  };
}

/**
 * Lends a connection. One that breaks meanwhile fails the query that uses it, not the process: while a connection is lent,
 * nobody else listens to it.
 * @param keep false: the connection is closed afterwards, with whatever locks and settings it has
 */
export async function withClient<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  { keep = true } = {},
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } finally {
    client.off('error', onError);
    client.release(broken ?? !keep);
  }
}

function transaction<T>(pool: Pool, work: (session: Session) => Promise<T>): Promise<T> {
  return withClient(pool, async (client) => {
    await client.query('begin');
    try {
      const result = await work({ db: drizzle(client), client });
      await client.query('commit');
      return result;
    } catch (error) {
      // Where the connection is gone, so is the transaction.
      await client.query('rollback').catch(() => {});
      throw error;
    }
  });
}

function unreachable(url: string, cause: unknown): RollcallError {
  const { host, pathname } = new URL(url);
  const code = systemCode(cause);
  const [reason, advice] = REASONS[code ?? ''] ?? [
    code ?? 'no answer',
    'Check DATABASE_URL and that Postgres is running, or unset DATABASE_URL to use the embedded one.',
  ];
  return new RollcallError('database_unreachable', `No database at ${host}${pathname}: ${reason}`, advice, { cause });
}

/** By the code of the socket or the SQLSTATE. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  '28P01': ['the password is wrong', 'Correct the user and password in DATABASE_URL.'],
  '28000': ['the server does not let this user in', "Correct the user in DATABASE_URL, or the server's pg_hba.conf."],
  '3D000': ['the database does not exist', 'Create it (create database …), or correct its name in DATABASE_URL.'],
  ENOTFOUND: ['the host name is unknown', 'Correct the host in DATABASE_URL.'],
  '53300': ['the server has no connection left', 'Raise max_connections, or end what holds them.'],
};

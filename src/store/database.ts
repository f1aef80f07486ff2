import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';
import { RollcallError } from '../errors.js';
import type { Logger } from '../log.js';
import { suspectStranger, unreachable } from './connection/connect-failure.js';
import { createPool, keepSockets } from './connection/pool.js';

/** One connection inside one transaction. */
export interface Session {
  readonly db: NodePgDatabase;
  /** For what drizzle has no words for: COPY. */
  readonly client: PoolClient;
}

export interface Database {
  readonly db: NodePgDatabase;
  readonly pool: Pool;
  /** The processes of the server that our connections have. */
  readonly processes: () => number[];
  /** Commits what `work` did, or none of it. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly log: Logger;
  readonly maxConnections?: number;
  /** How long a statement waits for a lock of another session, as Postgres writes it. */
  readonly lockTimeout?: string | undefined;
  /** PEM of authorities to trust beside those of Node. */
  readonly certificateAuthority?: string | undefined;
}

/**
 * Opens a pool and proves that the server answers.
 * @throws RollcallError `database_unreachable`
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, log, maxConnections = 24, certificateAuthority, lockTimeout } = options;
  const sockets = keepSockets();
  const { stream } = sockets;
  const pool = createPool({ url, log, maxConnections, name: 'rollcall', certificateAuthority, lockTimeout, stream });
  const connected = new Set<number>();
  const processOf = (client: object) => ('processID' in client ? Number(client.processID) : 0);
  pool.on('connect', (client) => connected.add(processOf(client)));
  pool.on('remove', (client) => connected.delete(processOf(client)));
  const proven = new AbortController();
  try {
    await Promise.race([pool.query('select 1'), suspectStranger(url, proven.signal)]);
  } catch (error) {
    // The driver forgets a connection that it has failed to log in on, and leaves it open.
    sockets.destroy();
    await pool.end();
    throw error instanceof RollcallError ? error : await unreachable(url, error);
  } finally {
    proven.abort();
  }
  return {
    db: drizzle(pool),
    pool,
    processes: () => [...connected],
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

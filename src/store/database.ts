import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Socket } from 'node:net';
import { Pool, type PoolClient } from 'pg';
import { databaseConnection } from '../database-url.js';
import { systemCode } from '../errors.js';
import type { Logger } from '../log.js';
import { suspectStranger, unreachable } from './connect-failure.js';

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
  /** PEM of authorities to trust beside those of Node. */
  readonly certificateAuthority?: string | undefined;
}

const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Opens a pool and proves that the server answers.
 * @throws RollcallError `database_unreachable`
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, log, maxConnections = 24, certificateAuthority } = options;
  const sockets = new Set<Socket>();
  const pool = new Pool({
    ...databaseConnection(url, certificateAuthority),
    stream: () => kept(sockets),
    max: maxConnections,
    application_name: 'rollcall',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // An idle connection that breaks is replaced by the pool; whoever used one hears of it from the query.
  pool.on('error', (error) => log.warn({ code: systemCode(error) }, 'an idle database connection broke'));
  const proven = new AbortController();
  try {
    await Promise.race([pool.query('select 1'), suspectStranger(url, proven.signal)]);
  } catch (error) {
    // The driver forgets a connection that it has failed to log in on, and leaves it open.
    for (const socket of sockets) socket.destroy();
    await pool.end();
    throw await unreachable(url, error);
  } finally {
    proven.abort();
  }
  return {
    db: drizzle(pool),
    pool,
    transaction: (work) => transaction(pool, work),
    close: () => pool.end(),
  };
}

function kept(sockets: Set<Socket>): Socket {
  const socket = new Socket();
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  return socket;
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

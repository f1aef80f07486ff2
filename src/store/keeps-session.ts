import type { ClientBase, Pool, PoolClient } from 'pg';

/**
 * Whether a connection keeps one session of the server for as long as it lasts, which locks and LISTEN need. Poolers that lend
 * sessions for a transaction or a statement do not.
 *
 * A server names its process when a connection opens; if it is the one that answers, nothing is between. Behind a pooler, what
 * one connection has used is given to others that begin a transaction, or is another one the next time.
 * @returns false if the pooler was seen to give the session away
 * @throws RollcallError `database_unreachable` if a pooler has fewer sessions than a worker needs
 */
export async function keepsSession(pool: Pool): Promise<boolean> {
  return lending(pool, 1, async ([mine]) => {
    if (mine === undefined) return true;
    const before = await processOf(mine);
    if ('processID' in mine && mine.processID === before) return true;
    return lending(pool, OTHERS, async (others) => {
      try {
        for (const other of others.slice(0, TRANSACTIONS)) {
          await other.query('begin');
          if ((await processOf(other)) === before) return false;
        }
        return (await processOf(mine)) === before;
      } finally {
        for (const other of others.slice(0, TRANSACTIONS)) await other.query('rollback').catch(() => {});
      }
    });
  });
}

/** A worker needs so many sessions at once to get on: its locks, its ears, a run, the queue. */
const OTHERS = 9;
/** So many transactions of others at a time take what the pooler has at hand. */
const TRANSACTIONS = 2;

async function processOf(client: ClientBase): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  return rows[0]?.pid;
}

async function lending<T>(pool: Pool, count: number, work: (clients: readonly PoolClient[]) => Promise<T>): Promise<T> {
  const clients: PoolClient[] = [];
  try {
    while (clients.length < count) {
      const client = await pool.connect();
      // A connection that breaks fails its query; unheard, it would end the process.
      client.on('error', () => {});
      clients.push(client);
    }
    return await work(clients);
  } finally {
    for (const client of clients) client.release(true);
  }
}

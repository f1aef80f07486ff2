import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { migrateQueue } from '../../../src/jobs/queue/open.js';
import { installationId, migrate, openDatabase, type Database } from '../../../src/store/index.js';
import { requireKeptInStep } from '../kept-in-step.js';
import { refuseSecretsIn, silent } from '../secrets.js';
import { clearQueue } from './redis.js';

export { silent };

export interface TestServer {
  readonly name: string;
  readonly url: string;
}

/** The embedded Postgres, and the one that TEST_DATABASE_URL names. */
export const servers: readonly TestServer[] = [
  { name: 'the embedded Postgres', url: process.env['ROLLCALL_TEST_POSTGRES'] ?? '' },
  ...(process.env['TEST_DATABASE_URL']
    ? [{ name: 'the Postgres of TEST_DATABASE_URL', url: process.env['TEST_DATABASE_URL'] }]
    : []),
];

export const embedded = (): TestServer => {
  const [server] = servers;
  if (server === undefined || server.url === '') throw new Error('the global set-up starts a Postgres');
  return server;
};

export interface TestDatabase extends Database {
  readonly url: string;
  /** Rows as Postgres writes them. */
  rows<T extends object = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<T[]>;
  drop(): Promise<void>;
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database of a test's own, empty unless `migrated`; or a copy of another one. */
export async function createTestDatabase(
  { url: serverUrl }: TestServer,
  { migrated = true, template }: { migrated?: boolean; template?: string } = {},
): Promise<TestDatabase> {
  const name = `rollcall_test_${randomUUID().replaceAll('-', '')}`;
  // Only the embedded server has the template; it is where nearly all tests are.
  const isCopy = template !== undefined || (migrated && serverUrl === embedded().url);
  await onServer(serverUrl, `create database ${name}${isCopy ? ` template ${template ?? 'rollcall_template'}` : ''}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const database = await openDatabase({ url: url.href, log: silent });
  if (isCopy) await database.pool.query('update rollcall_data.installation set id = gen_random_uuid()');
  else if (migrated) {
    await migrate(database);
    await migrateQueue(database.pool);
  }
  return {
    ...database,
    url: url.href,
    rows: async <T extends object>(sql: string, values: unknown[] = []) =>
      (await database.pool.query<T>(sql, values)).rows,
    async drop() {
      const id = migrated ? await installationId(database) : undefined;
      // Whatever a test was about: what it leaves behind holds no secret, and no table contradicts another.
      const looking = Promise.all([
        refuseSecretsIn(database.pool),
        migrated ? requireKeptInStep(database.pool) : undefined,
      ]);
      await looking.catch(() => {});
      await database.close();
      if (id !== undefined) await clearQueue(id);
      await dropDatabase(serverUrl, name);
      await looking;
    },
  };
}

/**
 * Ends what our own processes left connected, and drops. Not `with (force)`: that would also end an autovacuum worker, which
 * an ordinary role may not; a plain drop makes it stop by itself.
 */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await onServer(
        serverUrl,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and usename = current_user`,
      );
      return await onServer(serverUrl, `drop database ${name}`);
    } catch (error) {
      if (tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

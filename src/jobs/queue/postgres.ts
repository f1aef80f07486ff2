import {
  assertSchemaCompatibility,
  createPostgresBackend,
  isPgPool,
  LATEST_SCHEMA_VERSION,
  runMigrations,
  SchemaMigrationRequiredError,
  SchemaVersionMismatchError,
} from 'bullmq';
import type { ClientBase, Pool } from 'pg';
import pTimeout from 'p-timeout';
import { RollcallError, systemCode } from '../../errors.js';
import type { Logger } from '../../log.js';
import {
  createPool,
  createSchema,
  keepSockets,
  namingHolders,
  notAllowed,
  requireUse,
  withClient,
  type Patience,
} from '../../store/index.js';
import { createQueue } from './bullmq.js';
import type { Queue } from './queue.js';

const SCHEMA = 'bullmq';
/** BullMQ names its tables and functions without a schema. */
const SEARCH_PATH = `${SCHEMA}, pg_catalog, pg_temp`;
const CONNECTIONS = 12;
/** Ending a connection takes milliseconds if the server answers. */
const LONGEST_END_MS = 1000;

export interface PostgresQueueOptions {
  readonly databaseUrl: string;
  readonly log: Logger;
  /** PEM of authorities to trust besides those of Node. */
  readonly certificateAuthority?: string | undefined;
}

/** Queue and worker share a pool of ours: BullMQ's own passes `options` at its start, which poolers refuse. */
export function openPostgresQueue({ databaseUrl, log, certificateAuthority }: PostgresQueueOptions): Queue {
  const options = { url: databaseUrl, log, maxConnections: CONNECTIONS, certificateAuthority };
  const sockets = keepSockets();
  const { stream } = sockets;
  const pool: unknown = createPool({ ...options, name: 'rollcall queue', searchPath: SEARCH_PATH, stream });
  if (!isPgPool(pool)) throw new Error('BullMQ takes the pools of pg');
  return createQueue(createPostgresBackend, { connection: pool }, log, async () => {
    // A worker that is closed while it starts takes a connection afterwards and never returns it.
    await pTimeout(pool.end(), { milliseconds: LONGEST_END_MS, message: false });
    sockets.destroy();
  });
}

/**
 * Migrates BullMQ's own tables, if the queue is in Postgres.
 * @throws RollcallError `database_newer`, `database_failed`, `busy`
 */
export async function migrateQueue(pool: Pool, options: Patience = {}): Promise<void> {
  await requireQueueTables(pool);
  await withClient(
    pool,
    async (client) => {
      if ((await versionOf(client)) >= LATEST_SCHEMA_VERSION) return;
      const wait = { ...options, what: 'the migration of the queue' };
      await namingHolders(pool, client, wait, async () => {
        // BullMQ takes an advisory lock, which any role can hold: the wait for it is bounded by `namingHolders`.
        await client.query('set lock_timeout = 0');
        await runMigrations(withoutSchemaRight(client), SCHEMA);
      });
    },
    { keep: false },
  ).catch(async (error: unknown) => {
    throw systemCode(error) === '42501' ? await notAllowed(pool, error) : error;
  });
}

/**
 * Refuses tables of the queue that our role may not use, because a restore gave them to another role.
 * @throws RollcallError `database_failed`
 */
export const requireQueueTables = (pool: Pool): Promise<void> => requireUse(pool, SCHEMA);

async function versionOf(client: ClientBase): Promise<number> {
  try {
    return await assertSchemaCompatibility(client, SCHEMA);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return 0;
    if (error instanceof SchemaVersionMismatchError) throw newer(error);
    throw error;
  }
}

const newer = (cause: Error) =>
  new RollcallError(
    'database_newer',
    `A later version of Rollcall has made the tables of the queue: ${cause.message}`,
    'Use the version of Rollcall that made them, or a later one.',
    { cause },
  );

/** BullMQ's migrations create the schema even if it exists, which needs a right that we may lack. */
function withoutSchemaRight(client: ClientBase) {
  return {
    async query(text: string, values: readonly unknown[] = []) {
      if (!/^create schema if not exists/i.test(text))
        return client.query(text, values.length === 0 ? undefined : [...values]);
      await createSchema(client, SCHEMA);
      return { rows: [] };
    },
  };
}

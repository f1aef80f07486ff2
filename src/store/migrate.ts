import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import type { ClientBase, PoolClient } from 'pg';
import { RollcallError } from '../errors.js';
import { withClient, type Database } from './database.js';

const folder = {
  migrationsFolder: fileURLToPath(new URL('../../migrations', import.meta.url)),
  migrationsSchema: 'rollcall_data',
  migrationsTable: 'migrations',
};

// Any number will do, as long as every version of Rollcall uses the same.
const LOCK = 7_265_511;

/**
 * Brings the database up to this version. Safe to be called by many processes at once.
 * @returns how many migrations were applied
 * @throws RollcallError `database_newer`
 */
export async function migrate({ pool }: Database): Promise<number> {
  const work = async (client: PoolClient) => {
    await client.query('select pg_catalog.pg_advisory_lock($1::bigint)', [LOCK]);
    const before = await countApplied(client);
    refuseNewer(before);
    await applyMigrations(drizzle(client), folder);
    return (await countApplied(client)) - before;
  };
  // Closing the connection gives the lock back, whatever state the connection is in.
  return withClient(pool, work, { keep: false });
}

/**
 * For commands that only read: refuses a database that is not exactly of this version.
 * @throws RollcallError `database_newer`, `database_empty`
 */
export async function requireMigrated({ pool }: Database): Promise<void> {
  const applied = await withClient(pool, countApplied);
  refuseNewer(applied);
  const known = readMigrationFiles(folder).length;
  if (applied === known) return;
  throw new RollcallError(
    'database_empty',
    applied === 0
      ? 'The database has no tables of Rollcall yet'
      : `The database is at migration ${applied}; this version needs ${known}`,
    'Run `rollcall migrate`; `rollcall sync` does it as well.',
  );
}

/** How many migrations the database has had, and how many this version knows. */
export async function migrationState({
  pool,
}: Database): Promise<{ readonly applied: number; readonly known: number }> {
  return { applied: await withClient(pool, countApplied), known: readMigrationFiles(folder).length };
}

function refuseNewer(applied: number): void {
  const known = readMigrationFiles(folder).length;
  if (applied <= known) return;
  throw new RollcallError(
    'database_newer',
    `The database is at migration ${applied}; this version of Rollcall knows ${known}`,
    'Use the version of Rollcall that migrated it, or a later one.',
  );
}

async function countApplied(client: ClientBase): Promise<number> {
  const name = `${folder.migrationsSchema}.${folder.migrationsTable}`;
  const { rows } = await client.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [name]);
  if (rows[0]?.exists !== true) return 0;
  const counted = await client.query<{ applied: number }>(`select count(*)::int as applied from ${name}`);
  return counted.rows[0]?.applied ?? 0;
}

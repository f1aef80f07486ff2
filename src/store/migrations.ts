import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { ClientBase } from 'pg';

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));
const SCHEMA = 'rollcall_data';
const TABLE = `${SCHEMA}.migrations`;

/** The migrations that this version knows, the oldest first. */
export const knownMigrations = () => readMigrationFiles({ migrationsFolder });

/** How many migrations a database has had. */
export async function countApplied(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [TABLE]);
  if (rows[0]?.exists !== true) return 0;
  const counted = await client.query<{ applied: number }>(`select count(*)::int as applied from ${TABLE}`);
  return counted.rows[0]?.applied ?? 0;
}

/**
 * Applies what is missing, all of it or nothing. drizzle's own migrator asks for the right to create schemas before it looks
 * whether there is anything to create; this one asks for it only to create a schema that is missing. The table is drizzle's.
 *
 * The lock is that of the table and not an advisory one, which every role of the database could take.
 * @param client a connection of its own
 * @returns how many were applied
 */
export async function applyMissing(client: ClientBase): Promise<number> {
  await client.query('begin');
  // The wait is bounded by whoever called us, who can say for whom it is.
  await client.query('set local lock_timeout = 0');
  await createSchema(client, SCHEMA);
  await client.query(
    `create table if not exists ${TABLE} (id serial primary key, hash text not null, created_at bigint)`,
  );
  await client.query(`lock table ${TABLE} in share row exclusive mode`);
  const { rows } = await client.query<{ last: string | null }>(`select max(created_at)::text as last from ${TABLE}`);
  const last = Number(rows[0]?.last ?? Number.NEGATIVE_INFINITY);
  const missing = knownMigrations().filter(({ folderMillis }) => folderMillis > last);
  for (const { sql, hash, folderMillis } of missing) {
    for (const statement of sql) await apply(client, statement);
    await client.query(`insert into ${TABLE} (hash, created_at) values ($1, $2)`, [hash, folderMillis]);
  }
  await client.query('commit');
  return missing.length;
}

const CREATES_SCHEMA = /^\s*create schema (?:if not exists )?"(\w+)";?\s*$/i;

/** A schema may have been made before, by an administrator who does not let us make any. */
async function apply(client: ClientBase, statement: string): Promise<void> {
  const schema = CREATES_SCHEMA.exec(statement)?.[1];
  if (schema === undefined) await client.query(statement);
  else await createSchema(client, schema);
}

/** Postgres looks for the right to create one even where `if not exists` has nothing to do. */
export async function createSchema(client: ClientBase, name: string): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>('select to_regnamespace($1) is not null as there', [name]);
  if (rows[0]?.there !== true) await client.query(`create schema "${name}"`);
}

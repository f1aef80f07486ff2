import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallError, rootCause, systemCode } from '../errors.js';
import { withClient, type Database } from './database.js';
import { namingHolders } from './locks/lock-wait.js';
import { applyMissing, knownMigrations } from './migrations.js';
import { appliedIn, halfThere, migrationState } from './parts/migration-state.js';
import type { Patience } from './locks/patience.js';
import { secureRows } from './row-security/row-security.js';

/**
 * Brings the database up to this version, and row-level security into order. Safe to be called by many processes at once. Takes
 * no lock and needs no right of the set-up if there is nothing to do.
 * @returns how many migrations were applied
 * @throws RollcallError `database_newer`, `database_failed`, `database_unsafe`, `busy`
 */
export async function migrate(database: Database, options: Patience = {}): Promise<number> {
  const before = await appliedIn(database);
  refuseNewer(before);
  const applied = before < knownMigrations().length ? await applyInTurn(database, options) : 0;
  await secureRows(database, options);
  return applied;
}

/** Two that begin on an empty database at once make the same table: one of them is refused, and finds it made. */
const LOST_RACE = ['23505', '42P06', '42P07', '40P01'];
/** Made by nobody else, who would have written it down as well. */
const THERE = ['42P06', '42P07'];
const TRIES = 5;

async function applyInTurn({ pool }: Database, options: Patience): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      const wait = { ...options, what: 'the migration of the database' };
      // Closing the connection undoes what was not committed, whatever state it is in.
      return await withClient(pool, (client) => namingHolders(pool, client, wait, () => applyMissing(client)), {
        keep: false,
      });
    } catch (error) {
      const code = systemCode(error) ?? '';
      if (code === '42501') throw await notAllowed(pool, error);
      if (tries === TRIES && THERE.includes(code)) throw halfThere(error);
      if (tries === TRIES || !LOST_RACE.includes(code)) throw error;
      await sleep(100 * tries);
    }
  }
}

/** @param cause names the object: Postgres says `permission denied for database rollcall` */
export async function notAllowed(pool: Database['pool'], cause: unknown): Promise<RollcallError> {
  const { rows } = await pool.query<{ role: string; name: string }>(
    'select current_user::text as role, current_database()::text as name',
  );
  const { role = '?', name = '?' } = rows[0] ?? {};
  const root = rootCause(cause);
  return new RollcallError(
    'database_failed',
    `The role ${role} lacks a right that a migration of the database ${name} needs: ${root instanceof Error ? root.message : ''}`,
    `As an administrator: grant create on database "${name}" to "${role}". Or make the schemas: create schema rollcall authorization "${role}", and the same for rollcall_data, rollcall_staging and bullmq. The right is not needed once nothing is left to create.`,
    { cause },
  );
}

/**
 * For commands that only read: refuses a database that is not exactly of this version.
 * @throws RollcallError `database_newer`, `database_empty`
 */
export async function requireMigrated(database: Database): Promise<void> {
  const { applied, known } = await migrationState(database);
  refuseNewer(applied);
  if (applied === known) return;
  throw new RollcallError(
    'database_empty',
    applied === 0
      ? 'The database has no tables of Rollcall yet'
      : `The database is at migration ${applied}; this version needs ${known}`,
    'Run `rollcall migrate`; `rollcall sync` does it as well.',
  );
}

function refuseNewer(applied: number): void {
  const known = knownMigrations().length;
  if (applied <= known) return;
  throw new RollcallError(
    'database_newer',
    `The database is at migration ${applied}; this version of Rollcall knows ${known}`,
    'Use the version of Rollcall that migrated it, or a later one.',
  );
}

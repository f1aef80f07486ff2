import { RollcallError, systemCode } from '../../errors.js';
import { withClient, type Database } from '../database.js';
import { countApplied, knownMigrations } from '../migrations.js';
import { examineParts, unusable } from './part-faults.js';

/** How many migrations the database has had, and how many this version knows. */
export async function migrationState({
  pool,
}: Database): Promise<{ readonly applied: number; readonly known: number }> {
  const applied = await appliedIn({ pool });
  if (applied === 0) {
    const { rows } = await pool.query(
      `select from pg_tables where schemaname = 'rollcall_data' and tablename = 'tenants'`,
    );
    if (rows.length > 0) throw halfThere(undefined);
  }
  return { applied, known: knownMigrations().length };
}

/**
 * How many migrations the database has had.
 * @throws RollcallError `database_failed` if we may not look, with what is missing
 */
export async function appliedIn({ pool }: Pick<Database, 'pool'>): Promise<number> {
  try {
    return await withClient(pool, countApplied);
  } catch (error) {
    const faults = systemCode(error) === '42501' ? await examineParts(pool) : [];
    const rights = faults.filter(({ kind }) => kind === 'right' || kind === 'owner');
    throw rights.length === 0 ? error : unusable(rights);
  }
}

export const halfThere = (cause: unknown): RollcallError =>
  new RollcallError(
    'database_failed',
    'The database has tables of Rollcall and no record of the migrations that made them: a backup was restored in part',
    'Restore the whole backup into an empty database: docs/operating.md says how. If nothing in this one is needed: drop schema rollcall, rollcall_data, rollcall_staging, bullmq cascade.',
    { cause },
  );

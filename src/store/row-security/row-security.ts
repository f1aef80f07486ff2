import { isNotNull, sql } from 'drizzle-orm';
import { RollcallError, rootCause, systemCode } from '../../errors.js';
import type { Database, Session } from '../database.js';
import { namingHolders } from '../locks/lock-wait.js';
import type { Patience } from '../locks/patience.js';
import { tenants } from '../schema/index.js';
import { letIn } from '../tenants/tenant-roles.js';
import { requireParts } from '../parts/part-faults.js';
import { examineSecurity, type Security, type SecurityFault } from './row-security-faults.js';

/**
 * Verifies the invariants of row-level security and repairs what is not in order: a restore, `reassign owned` or a view made by
 * hand opens rows or locks readers out, and no migration would notice. Costs one query if all is in order.
 * @throws RollcallError `database_unsafe` if rows stay open to somebody, `database_failed` if the tables are not ours
 */
export async function secureRows(database: Database, options: Patience = {}): Promise<void> {
  const { tell } = options;
  await requireParts(database, options);
  const before = await examineSecurity(database);
  if (before.faults.length === 0) return;
  const refusal = await repair(database, options);
  const after = await examineSecurity(database);
  const fixed = before.faults.filter((fault) => !after.faults.some((left) => same(left, fault)));
  if (fixed.length > 0) tell?.(`Row-level security was not in order and is repaired: ${listed(fixed)}`);
  const barred = after.faults.find(({ effect }) => effect === 'bars');
  if (barred !== undefined) throw notOurs(barred);
  const open = openTo(after);
  if (open !== undefined) throw unsafe(open, after.readers, refusal);
  if (after.faults.length > 0) tell?.(`Row-level security is not in order: ${listed(after.faults)}${refused(refusal)}`);
}

const MOST_NAMED = 5;

function listed(faults: readonly SecurityFault[]): string {
  const named = faults.slice(0, MOST_NAMED).map(formatFault).join('; ');
  return faults.length > MOST_NAMED ? `${named}; and ${faults.length - MOST_NAMED} more` : named;
}

const refused = (refusal: Error | undefined) =>
  refusal === undefined ? '' : `; the repair was refused: ${refusal.message}`;

/** What lets somebody see rows of others. Without readers nothing is open: analysts see all rows anyway. */
export const openTo = ({ faults, readers }: Security): SecurityFault | undefined =>
  faults.find(({ subject, effect }) => effect === 'opens' && (readers.length > 0 || !subject.startsWith('rollcall')));

export const formatFault = ({ subject, fault }: SecurityFault): string => `${subject}: ${fault}`;

const same = (one: SecurityFault, other: SecurityFault) => one.subject === other.subject && one.fault === other.fault;

/** @returns why the server does not let us */
async function repair(database: Database, options: Patience): Promise<Error | undefined> {
  const guard = async (db: Session['db']) => {
    await db.execute(sql`set local lock_timeout = 0`);
    // Two that repair at once would change the same rows of the catalog, which Postgres refuses.
    await db.execute(sql`lock table rollcall_data.migrations in share row exclusive mode`);
    await db.execute(sql`select rollcall_data.guard_views()`);
    for (const { role } of await db.select().from(tenants).where(isNotNull(tenants.role)))
      if (role !== null) await letIn(db, role);
  };
  const wait = { ...options, what: 'the repair of row-level security' };
  try {
    await database.transaction(({ db, client }) => namingHolders(database.pool, client, wait, () => guard(db)));
    return undefined;
  } catch (error) {
    const cause = rootCause(error);
    // Rights alone: whatever else it is, the caller must hear of it.
    if (systemCode(error) !== '42501' || !(cause instanceof Error)) throw error;
    return cause;
  }
}

function notOurs(fault: SecurityFault): RollcallError {
  return new RollcallError(
    'database_failed',
    `The tables are not those of the role of DATABASE_URL: ${formatFault(fault)}`,
    'As an administrator: reassign owned by <that role> to <the role of DATABASE_URL>, or log in as the owner. docs/operating.md says how to restore.',
  );
}

function unsafe(fault: SecurityFault, readers: readonly string[], refusal: Error | undefined): RollcallError {
  return new RollcallError(
    'database_unsafe',
    `Row-level security is not in order, and rows of other tenants are open to ${readers.join(', ') || fault.subject}: ${formatFault(fault)}${refused(refusal)}`,
    'Run `rollcall migrate` once with a DATABASE_URL of an administrator (a superuser, or who owns what is named here), or give the role of DATABASE_URL what it lacks: alter role … createrole; grant rollcall_views to … with admin option. Until then: revoke select on all tables in schema rollcall from those roles. docs/operating.md says how to restore.',
  );
}

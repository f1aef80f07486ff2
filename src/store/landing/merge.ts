import { sql } from 'drizzle-orm';
import type { Session } from '../database.js';
import { ofTenant } from '../sql/of-tenant.js';
import { changes, heldRemovals } from '../schema/index.js';
import { diffTable, type Difference } from './diff.js';
import { differencesOf } from './differences.js';
import { quarantineStaged } from './quarantine.js';
import { stagingTable } from './staging.js';
import { equal, json, list, type SyncTable } from './sync-table.js';

export interface MergeOptions {
  readonly tenantId: string;
  readonly runId: string;
  readonly task: string;
  readonly resource: string;
  /** The removals are kept as a list instead of being done. */
  readonly held: boolean;
  /** The first load of a tenant is no change: nothing is written to `changes`. */
  readonly firstLoad: boolean;
  /** Whether only changes were read: what lies in quarantine and was not met stays there. */
  readonly delta: boolean;
  /** What the comparison has found: nothing is done about what it has not. */
  readonly difference: Pick<Difference, 'added' | 'returned' | 'changed' | 'removed'>;
}

/** Writes the differences of one table; part of the one transaction that ends a run (invariant 4). Unchanged rows are not touched. */
export async function merge(db: Session['db'], table: SyncTable, options: MergeOptions): Promise<void> {
  const { added, returned, changed, removed } = options.difference;
  // Before the rows: `before` is what stands there now.
  if (!options.firstLoad && added + changed + removed > 0) await writeChanges(db, table, options);
  if (changed + returned > 0) await updateRows(db, table, options);
  if (added > returned) await insertRows(db, table, options);
  if (removed > 0) await (options.held ? keepRemovals : removeRows)(db, table, options);
  await quarantineStaged(db, table, { ...options, clear: options.delta ? 'met' : 'all' });
}

/** Removes what the differences say, and writes nothing else. @returns how many rows that were */
export async function applyRemovals(
  db: Session['db'],
  table: SyncTable,
  options: Omit<MergeOptions, 'held' | 'firstLoad' | 'delta' | 'difference'>,
): Promise<number> {
  await writeChanges(db, table, { ...options, held: false });
  return removeRows(db, table, options);
}

type Of<K extends keyof MergeOptions> = Pick<MergeOptions, K>;

const differing = (table: SyncTable, runId: string) =>
  sql`${diffTable(table, runId)} d join ${stagingTable(table, runId)} s on ${equal(table.key, 's', 'd')}`;

/** Those that have changed, and those that are back. */
async function updateRows(
  db: Session['db'],
  table: SyncTable,
  { tenantId, runId }: Of<'tenantId' | 'runId'>,
): Promise<void> {
  const assign = table.content.map((column) => sql`${sql.identifier(column.name)} = s.${sql.identifier(column.name)}`);
  await db.execute(sql`
    update ${table.sql} t
    set ${sql.join(assign, sql`, `)}, row_hash = s.row_hash, changed_at = now(),
        removed_at = null, removed_run = null, removed_reason = null
    from ${differing(table, runId)}
    where (d.kind = 'changed' or d.reason = 'returned') and t.tenant_id = ${ofTenant(tenantId)} and ${equal(table.key, 't', 'd')}`);
}

async function insertRows(
  db: Session['db'],
  table: SyncTable,
  { tenantId, runId }: Of<'tenantId' | 'runId'>,
): Promise<void> {
  const columns = [...table.key, ...table.content];
  await db.execute(sql`
    insert into ${table.sql} (tenant_id, ${list(columns)}, row_hash, first_seen_at, changed_at)
    select ${tenantId}::uuid, ${list(columns, 's')}, s.row_hash, now(), now()
    from ${differing(table, runId)}
    where d.kind = 'added' and d.reason is null`);
}

async function removeRows(
  db: Session['db'],
  table: SyncTable,
  { tenantId, runId }: Of<'tenantId' | 'runId'>,
): Promise<number> {
  const { rowCount } = await db.execute(sql`
    update ${table.sql} t set removed_at = now(), removed_run = ${runId}, removed_reason = d.reason
    from ${diffTable(table, runId)} d
    where d.kind = 'removed' and t.tenant_id = ${ofTenant(tenantId)} and ${equal(table.key, 't', 'd')}`);
  return rowCount ?? 0;
}

async function keepRemovals(
  db: Session['db'],
  table: SyncTable,
  { tenantId, runId, task }: Of<'tenantId' | 'runId' | 'task'>,
): Promise<void> {
  await db.execute(sql`
    insert into ${heldRemovals} (run_id, tenant_id, task, table_name, row_key, reason)
    select ${runId}, ${tenantId}, ${task}, ${table.name}, ${json(table.key, 'd')}, d.reason
    from ${diffTable(table, runId)} d where d.kind = 'removed'`);
}

async function writeChanges(
  db: Session['db'],
  table: SyncTable,
  options: Of<'tenantId' | 'runId' | 'task' | 'held'>,
): Promise<void> {
  const { tenantId, runId, task, held } = options;
  await db.execute(sql`
    insert into ${changes} (tenant_id, task, run_id, table_name, row_key, kind, reason, before, after, changed_at)
    select ${tenantId}::uuid, ${task}, ${runId}::uuid, ${table.name}, d.row_key, d.kind, d.reason, d.before, d.after, now()
    from (${differencesOf(table, { tenantId, runId, removals: !held })}) d`);
}

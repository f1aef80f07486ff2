import { sql } from 'drizzle-orm';
import type { Session } from './database.js';
import { diffTable } from './diff.js';
import { quarantineStaged } from './quarantine.js';
import { changes, heldRemovals } from './schema/index.js';
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
}

/** Writes the differences of one table; part of the one transaction that ends a run. Unchanged rows are not touched. */
export async function merge(db: Session['db'], table: SyncTable, options: MergeOptions): Promise<void> {
  // Before the rows: `before` is what stands there now.
  if (!options.firstLoad) await writeChanges(db, table, options);
  await writeRows(db, table, options);
  if (options.held) await keepRemovals(db, table, options);
  else await removeRows(db, table, options);
  await quarantineStaged(db, table, { ...options, clear: 'all' });
}

async function writeRows(db: Session['db'], table: SyncTable, { tenantId, runId }: MergeOptions): Promise<void> {
  const columns = [...table.key, ...table.content];
  const assign = table.content.map(
    (column) => sql`${sql.identifier(column.name)} = excluded.${sql.identifier(column.name)}`,
  );
  await db.execute(sql`
    insert into ${table.sql} as t (tenant_id, ${list(columns)}, row_hash, first_seen_at, changed_at)
    select ${tenantId}::uuid, ${list(columns, 's')}, s.row_hash, now(), now()
    from ${diffTable(table, runId)} d join ${stagingTable(table, runId)} s on ${equal(table.key, 's', 'd')}
    where d.kind in ('added', 'changed')
    on conflict (tenant_id, ${list(table.key)}) do update
    set ${sql.join(assign, sql`, `)}, row_hash = excluded.row_hash, changed_at = excluded.changed_at,
        removed_at = null, removed_run = null, removed_reason = null`);
}

async function removeRows(db: Session['db'], table: SyncTable, { tenantId, runId }: MergeOptions): Promise<void> {
  await db.execute(sql`
    update ${table.sql} t set removed_at = now(), removed_run = ${runId}, removed_reason = d.reason
    from ${diffTable(table, runId)} d
    where d.kind = 'removed' and t.tenant_id = ${tenantId} and ${equal(table.key, 't', 'd')}`);
}

async function keepRemovals(
  db: Session['db'],
  table: SyncTable,
  { tenantId, runId, task }: MergeOptions,
): Promise<void> {
  await db.execute(sql`
    insert into ${heldRemovals} (run_id, tenant_id, task, table_name, row_key, reason)
    select ${runId}, ${tenantId}, ${task}, ${table.name}, ${json(table.key, 'd')}, d.reason
    from ${diffTable(table, runId)} d where d.kind = 'removed'`);
}

async function writeChanges(db: Session['db'], table: SyncTable, options: MergeOptions): Promise<void> {
  const { tenantId, runId, task, held } = options;
  const before = json(table.content, 't');
  const after = json(table.content, 's');
  const differing = (mine: typeof before, other: typeof before) => sql`
    (select jsonb_object_agg(key, value) from jsonb_each(${mine}) where value is distinct from ${other} -> key)`;
  await db.execute(sql`
    insert into ${changes} (tenant_id, task, run_id, table_name, row_key, kind, reason, before, after, changed_at)
    select ${tenantId}::uuid, ${task}, ${runId}::uuid, ${table.name}, ${json(table.key, 'd')}, d.kind, d.reason,
           case d.kind when 'changed' then ${differing(before, after)} when 'removed' then ${before} end,
           case d.kind when 'changed' then ${differing(after, before)} when 'added' then ${after} end,
           now()
    from ${diffTable(table, runId)} d
    left join ${table.sql} t on t.tenant_id = ${tenantId} and ${equal(table.key, 't', 'd')}
    left join ${stagingTable(table, runId)} s on ${equal(table.key, 's', 'd')}
    where (d.kind <> 'removed' or not ${held})
      -- A row that only a newer version of this program writes differently has not changed for anybody.
      and (d.kind <> 'changed' or ${before} is distinct from ${after})`);
}

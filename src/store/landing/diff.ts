import { sql, type SQL } from 'drizzle-orm';
import type { Session } from '../database.js';
import { ofTenant } from '../sql/of-tenant.js';
import { createUnlogged, stagingTable, type Owner } from './staging.js';
import { equal, list, type SyncTable } from './sync-table.js';

/** What a complete read would do to one table. */
export interface Difference {
  /** Live rows before. */
  readonly live: number;
  readonly added: number;
  /** Of the added, those that were removed before. */
  readonly returned: number;
  readonly changed: number;
  readonly removed: number;
  /** Of the removed, those that were met but fail a filter. */
  readonly filteredOut: number;
  readonly unchanged: number;
}

export interface DiffOptions {
  readonly owner: Owner;
  /** Whether what the read did not meet counts as gone. Never after a read that was not complete. */
  readonly sweep: boolean;
  /** Whether only changes were read: what was not met is as it was. */
  readonly delta: boolean;
  /** The property that names a row's parent: the children of parents that could not be read are not swept. */
  readonly parentProperty?: string | undefined;
}

export const diffTable = (table: SyncTable, runId: string): SQL =>
  sql`rollcall_staging.${sql.identifier(`diff_${table.name}_${runId}`)}`;

/**
 * Compares what was staged with what is there, in one set-based statement, and keeps the differences (keys only) for
 * the merge. Where an item was staged more than once, the last one counts.
 */
export async function diff(
  db: Session['db'],
  table: SyncTable,
  { owner, sweep, delta, parentProperty }: DiffOptions,
): Promise<Difference> {
  const { id: runId, tenantId } = owner;
  const staged = stagingTable(table, runId);
  const found = diffTable(table, runId);
  // To compile these statements takes longer than to work them off.
  await db.execute(sql`set local work_mem = '64MB'; set local jit = off`);
  // Of the columns that are compared; of all of them it would take five times as long.
  await db.execute(sql`analyze ${staged} (seq, left_out, ${list(table.key)})`);
  // What Graph has shown earlier in this run stands, even if it does not show it a second time.
  await db.execute(sql`delete from ${staged} u using ${staged} shown
    where u.left_out = 'unproven' and shown.left_out is null and ${equal(table.key, 'u', 'shown')}
      and not exists (select from ${staged} other
        where ${equal(table.key, 'other', 'u')} and other.left_out <> 'unproven')`);
  await db.execute(sql`delete from ${staged} earlier using ${staged} later
    where ${equal(table.key, 'earlier', 'later')} and earlier.seq < later.seq`);
  await createUnlogged(
    db,
    found,
    sql`
    select ${list(table.key, 's')},
           case when t.row_hash is null or t.removed_at is not null then 'added' else 'changed' end as kind,
           case when t.removed_at is not null then 'returned' end as reason
    from ${staged} s left join ${table.sql} t on t.tenant_id = ${ofTenant(tenantId)} and ${equal(table.key, 't', 's')}
    where s.left_out is null and (t.row_hash is null or t.row_hash <> s.row_hash or t.removed_at is not null)
    union all
    select ${list(table.key, 't')}, 'removed', case s.left_out when 'filtered' then 'filtered' else 'gone' end
    from ${table.sql} t left join ${staged} s on ${equal(table.key, 't', 's')}
    where t.tenant_id = ${ofTenant(tenantId)} and t.removed_at is null
      and (s.left_out in ('filtered', 'removed') or (s.seq is null and ${sweep} and not ${skipped(table, owner, parentProperty)}))`,
  );
  // Of a tenant that the statistics do not know yet the planner expects one row, and would compare each with each.
  await db.execute(sql`create index on ${found} (${list(table.key)})`);
  await db.execute(sql`analyze ${found}`);
  const { rows } = await db.execute<Record<keyof Difference, string>>(sql`
    with found as (
      select count(*) filter (where kind = 'added') as added,
             count(*) filter (where reason = 'returned') as returned,
             count(*) filter (where kind = 'changed') as changed,
             count(*) filter (where kind = 'removed') as removed,
             count(*) filter (where kind = 'removed' and reason = 'filtered') as "filteredOut"
      from ${found})
    select found.*,
           (select count(*) from ${table.sql} where tenant_id = ${ofTenant(tenantId)} and removed_at is null) as live,
           (select count(*) from ${staged} where left_out is null) - found.added - found.changed as unchanged
    from found`);
  const [counts] = rows;
  if (counts === undefined) throw new Error('a count without a row');
  return {
    live: Number(counts.live),
    added: Number(counts.added),
    returned: Number(counts.returned),
    changed: Number(counts.changed),
    removed: Number(counts.removed),
    filteredOut: Number(counts.filteredOut),
    unchanged: delta ? Number(counts.live) - Number(counts.changed) - Number(counts.removed) : Number(counts.unchanged),
  };
}

function skipped(table: SyncTable, owner: Owner, parentProperty: string | undefined): SQL {
  const column = [...table.key, ...table.content].find(({ property }) => property === parentProperty);
  if (column === undefined) return sql`false`;
  const name = sql.identifier(column.name);
  return sql`exists (select from ${stagingTable(table, owner.id)} k where k.left_out = 'skipped' and k.${name} = t.${name})`;
}

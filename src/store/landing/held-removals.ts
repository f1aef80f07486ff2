import { and, count, eq, sql } from 'drizzle-orm';
import type { Database, Session } from '../database.js';
import { heldRemovals } from '../schema/index.js';
import { diffTable } from './diff.js';
import { applyRemovals, type MergeOptions } from './merge.js';
import { createStaging, createUnlogged, type Owner } from './staging.js';
import { list, typedKey, type SyncTable } from './sync-table.js';

/** Drops the removals that earlier runs of a task keep: a newer complete read knows better. */
export async function discardHeld(
  db: Session['db'],
  { tenantId, task }: Pick<Owner, 'tenantId' | 'task'>,
): Promise<number> {
  const dropped = await db
    .delete(heldRemovals)
    .where(and(eq(heldRemovals.tenantId, tenantId), eq(heldRemovals.task, task)));
  return dropped.rowCount ?? 0;
}

/**
 * Lets go what a held run keeps of one table: exactly the rows of its list that are still there. They become the run's
 * differences again, so that what follows from them can be worked out as after any other merge.
 * @returns how many
 */
export async function releaseHeld(
  db: Session['db'],
  table: SyncTable,
  { owner, ...options }: Pick<MergeOptions, 'resource'> & { readonly owner: Owner },
): Promise<number> {
  const differences = diffTable(table, owner.id);
  await createStaging(db, owner, [table]);
  await createUnlogged(
    db,
    differences,
    sql`
    select ${list(table.key, 't')}, 'removed' as kind, h.reason
    from ${heldRemovals} h
    join ${table.sql} t on t.tenant_id = h.tenant_id and (${list(table.key, 't')}) = (${typedKey(table, sql`h.row_key`)})
    where h.run_id = ${owner.id} and h.table_name = ${table.name} and t.removed_at is null`,
  );
  return applyRemovals(db, table, { ...options, tenantId: owner.tenantId, runId: owner.id, task: owner.task });
}

/** How many removals a run keeps. */
export async function countHeld({ db }: Database, runId: string): Promise<number> {
  const [row] = await db.select({ count: count() }).from(heldRemovals).where(eq(heldRemovals.runId, runId));
  return row?.count ?? 0;
}

/** What people call the first few of the rows that a run would remove. */
export async function nameHeld(
  { db }: Database,
  runId: string,
  { tables, limit }: { readonly tables: readonly SyncTable[]; readonly limit: number },
): Promise<string[]> {
  const names: string[] = [];
  for (const table of tables) {
    const { rows } = await db.execute<{ name: string }>(sql`
      select ${table.label('t')} as name
      from ${heldRemovals} h
      join ${table.sql} t on t.tenant_id = h.tenant_id and (${list(table.key, 't')}) = (${typedKey(table, sql`h.row_key`)})
      where h.run_id = ${runId} and h.table_name = ${table.name}
      order by 1 limit ${limit - names.length}`);
    names.push(...rows.map(({ name }) => name));
  }
  return names;
}

import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Session } from '../database.js';
import { SKIP_REASONS, skippedParents, type SkipReason } from '../schema/index.js';
import { columnOf, toArray } from './parent-columns.js';
import { moveCheckpoint, stagingTable, type Owner } from './staging.js';
import type { SyncTable } from './sync-table.js';

/** The parents of one collection in the staging of one run. */
export interface StagedParents {
  readonly owner: Owner;
  readonly resource: string;
  readonly table: SyncTable;
  /** The property of a row that names its parent. */
  readonly property: string;
}

/**
 * What a run has found of a parent: `skipped` if its children could not be read, so that its rows stay; `absent` if the
 * parent itself is gone, so that they need not.
 */
export interface Mark {
  readonly id: string;
  readonly kind: 'skipped' | 'absent';
  readonly reason: SkipReason;
  readonly name: string | null;
}

/** A mark, with what the table will say of its parent once the run has landed. */
export interface MarkedParent extends Mark {
  /** When a run first found it so; ISO instant. */
  readonly since: string;
  /** How many runs in a row have found it so, this one included. */
  readonly runs: number;
}

const marked = z.object({
  id: z.string(),
  kind: z.enum(['skipped', 'absent']),
  reason: z.enum(SKIP_REASONS),
  name: z.string().nullable(),
  since: z.union([z.string(), z.date()]).transform((since) => new Date(since).toISOString()),
  runs: z.number(),
});

/** The marks of a run, longest known first. @param limit all of them unless given */
export async function markedParents(
  db: Session['db'],
  parents: StagedParents,
  limit?: number,
): Promise<MarkedParent[]> {
  const { rows } = await db.execute(sql`
    select parent_id as id, kind, reason, name, since, runs from (${entriesOf(parents)}) e
    order by kind desc, since, name, parent_id limit ${limit ?? null}`);
  return z.array(marked).parse(rows);
}

/** How many parents are skipped. */
export async function countSkipped(db: Session['db'], parents: StagedParents): Promise<number> {
  const { rows } = await db.execute<{ skipped: number }>(sql`
    select count(*)::int as skipped from (${entriesOf(parents)}) e where kind = 'skipped'`);
  return rows[0]?.skipped ?? 0;
}

/** Those of some parents that have no child in staging, sorted, without those that are marked. */
export async function emptyParents(
  db: Session['db'],
  { owner, table, property }: StagedParents,
  ids: readonly string[],
): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from unnest(${toArray(ids)}) id
    except select ${columnOf(table, property)} from ${stagingTable(table, owner.id)}
    order by id`);
  return rows.map(({ id }) => id);
}

/** Those of some parents that have live rows. */
export async function parentsWithRows(
  db: Session['db'],
  { owner, table, property }: StagedParents,
  ids: readonly string[],
): Promise<string[]> {
  const column = columnOf(table, property);
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from unnest(${toArray(ids)}) id
    where exists (select from ${table.sql} t where t.tenant_id = ${owner.tenantId} and t.${column} = id and t.removed_at is null)`);
  return rows.map(({ id }) => id);
}

export interface Marking {
  readonly marks: readonly Mark[];
  /** The parents that lose their marks. */
  readonly cleared?: readonly string[];
}

/** Replaces the marks of some parents, with the checkpoint behind it. @throws TakenOver if another attempt has the run now */
export async function markParents(
  database: Database,
  { owner, table, property }: StagedParents,
  { marks, cleared = [] }: Marking,
  checkpoint: object,
): Promise<void> {
  const staged = stagingTable(table, owner.id);
  const column = columnOf(table, property);
  await database.transaction(async ({ db }) => {
    await moveCheckpoint(db, owner, checkpoint);
    const unmarked = [...marks.map(({ id }) => id), ...cleared];
    await db.execute(sql`delete from ${staged}
      where left_out in ('skipped', 'absent') and ${column} = any(${toArray(unmarked)})`);
    if (marks.length === 0) return;
    await db.execute(sql`
      insert into ${staged} (seq, left_out, note, item, ${column})
      select 0, kind, reason, to_jsonb(name), id
      from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as m (id uuid, kind text, reason text, name text)`);
  });
}

/** Writes down what a run has found of its parents, and forgets those that it could read; part of its landing. */
export async function recordParents(db: Session['db'], parents: StagedParents): Promise<void> {
  const { owner, resource } = parents;
  await db.execute(sql`
    insert into ${skippedParents} as known
      (tenant_id, task, resource, parent_id, name, reason, since, runs, last_run, gone_at)
    select ${owner.tenantId}::uuid, ${owner.task}, ${resource}, parent_id, name, reason, since, runs, ${owner.id}::uuid,
           case when kind = 'absent' then now() end
    from (${entriesOf(parents)}) e
    on conflict (tenant_id, task, resource, parent_id) do update
    set name = excluded.name, reason = excluded.reason, since = excluded.since, runs = excluded.runs,
        last_run = excluded.last_run,
        gone_at = case when excluded.gone_at is not null then coalesce(known.gone_at, excluded.gone_at) end`);
  await db.execute(sql`
    delete from ${skippedParents}
    where tenant_id = ${owner.tenantId} and task = ${owner.task} and resource = ${resource} and last_run <> ${owner.id}`);
}

/** One row a marked parent. A reason that differs from the one before begins to count anew. */
function entriesOf({ owner, resource, table, property }: StagedParents): SQL {
  const column = columnOf(table, property);
  const isSame = sql`k.reason = s.note`;
  return sql`
    select distinct on (s.${column}) s.${column} as parent_id, s.left_out as kind, s.note as reason,
           coalesce(s.item #>> '{}', p.application_name, k.name) as name,
           case when ${isSame} then k.since else now() end as since,
           case when not coalesce(${isSame}, false) then 1 when k.last_run = ${owner.id} then k.runs else k.runs + 1 end as runs
    from ${stagingTable(table, owner.id)} s
    left join ${skippedParents} k on k.tenant_id = ${owner.tenantId} and k.task = ${owner.task}
      and k.resource = ${resource} and k.parent_id = s.${column}
    left join rollcall_data.service_principals p on p.tenant_id = ${owner.tenantId} and p.app_instance_id = s.${column}
    where s.left_out in ('skipped', 'absent')`;
}

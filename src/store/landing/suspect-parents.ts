import { sql } from 'drizzle-orm';
import type { Session } from '../database.js';
import { ofTenant } from '../sql/of-tenant.js';
import { columnOf, toArray } from './parent-columns.js';
import type { StagedParents } from './skipped-parents.js';
import { stagingTable } from './staging.js';
import { equal, list } from './sync-table.js';

/** A parent of which more children may exist than have come. */
export interface SuspectParent {
  readonly id: string;
  /** How many have come, each counted once. */
  readonly met: number;
  /** Of these, those of the kind that is asked about, or of none. */
  readonly ofKind: number;
}

export interface SuspectOptions {
  /** All parents of the run. */
  readonly ids: readonly string[];
  /** As many children as fill pages of these sizes look as if more were to come. */
  readonly pageSizes: readonly number[];
  /** Which children are of the kind. */
  readonly only: { readonly property: string; readonly value: string } | undefined;
}

/**
 * The parents whose children may not all have come: those that the read has marked as incomplete, those that would lose a
 * child, and those with as many children as fill their pages. Others that are marked are none of them.
 */
export async function suspectParents(
  db: Session['db'],
  { owner, table, property }: StagedParents,
  { ids, pageSizes, only }: SuspectOptions,
): Promise<SuspectParent[]> {
  const staged = stagingTable(table, owner.id);
  const parent = columnOf(table, property);
  const key = list(table.key, 's');
  const isOfKind =
    only === undefined ? sql`true` : sql`coalesce(s.${columnOf(table, only.property)} = ${only.value}, true)`;
  // The planner would compare each with each.
  await db.execute(sql`analyze ${staged} (${list(table.key)})`);
  const { rows } = await db.execute<{ id: string; met: number; ofKind: number }>(sql`
    with marked as (
      select s.${parent} as id, s.note from ${staged} s where s.left_out in ('skipped', 'absent')
    ), met as (
      select s.${parent} as id, count(*) as told, count(distinct (${key})) as met,
             count(distinct (${key})) filter (where ${isOfKind}) as of_kind
      from ${staged} s
      where s.${parent} is not null and s.left_out is distinct from 'skipped' and s.left_out is distinct from 'absent'
      group by 1
    ), losing as (
      select distinct t.${parent} as id from ${table.sql} t
      where t.tenant_id = ${ofTenant(owner.tenantId)} and t.removed_at is null
        and not exists (select from ${staged} s where ${equal(table.key, 's', 't')})
    ), suspects as (
      select id from losing
      union select id from met where exists (select from unnest(${sql`${`{${pageSizes.join(',')}}`}`}::int[]) size where told % size = 0)
    )
    select id, coalesce(met, 0)::int as met, coalesce(of_kind, 0)::int as "ofKind"
    from (
      select id from suspects where id = any(${toArray(ids)}) and id not in (select id from marked)
      union select id from marked where note = 'incomplete'
    ) chosen left join met using (id)
    order by id`);
  return rows;
}

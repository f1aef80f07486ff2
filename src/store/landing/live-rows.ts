import { sql, type SQL } from 'drizzle-orm';
import type { Session } from '../database.js';
import { cellText } from '../sql/copy-text.js';
import { ofTenant } from '../sql/of-tenant.js';
import { stagingTable, type Owner } from './staging.js';
import { equal, list, type Cells, type SyncTable } from './sync-table.js';

/**
 * Compares rows with the live ones that have their keys, column by column. A row that the run has staged already is not
 * compared: what is stored of it is older than what the run has met.
 * @returns by key, the properties in which a row differs; without an entry if there is nothing to compare it with
 */
export async function differingProperties(
  db: Session['db'],
  table: SyncTable,
  { owner, rows }: { readonly owner: Owner; readonly rows: readonly Cells[] },
): Promise<Map<string, ReadonlySet<string>>> {
  if (rows.length === 0) return new Map();
  const columns = [...table.key, ...table.content];
  // As COPY does: each cell as text, which its type then reads.
  const cells = columns.map(
    ({ property }) => sql`${sql.param(rows.map((row) => cellText(row[property] ?? null)))}::text[]`,
  );
  const typed = columns.map(({ name, type }) => sql`${sql.identifier(name)}::${sql.raw(type)}`);
  const differs = table.content.map(({ name, property }) => {
    const column = sql.identifier(name);
    return sql`case when t.${column} is distinct from r.${column} then ${sql.raw(`'${property}'`)} end`;
  });
  const { rows: found } = await db.execute<{ key: string; properties: string[] }>(sql`
    select ${keyText(table, 't')} as key, array_remove(array[${sql.join(differs, sql`, `)}]::text[], null) as properties
    from (select ${aliased(typed, columns)} from unnest(${sql.join(cells, sql`, `)}) as u (${list(columns)})) r
    join ${table.sql} t on t.tenant_id = ${ofTenant(owner.tenantId)} and ${equal(table.key, 't', 'r')}
    where t.removed_at is null
      and not exists (select from ${stagingTable(table, owner.id)} s where ${equal(table.key, 's', 't')})`);
  return new Map(found.map(({ key, properties }) => [key, new Set(properties)]));
}

/**
 * How many objects a run has met in one collection, each counted once, whatever became of it. Those that Graph says are gone by
 * now are not among them: it does not count them either.
 */
export async function countMet(db: Session['db'], table: SyncTable, owner: Owner): Promise<number> {
  const isNamed = sql`num_nonnulls(${list(table.key, 's')}) > 0`;
  const { rows } = await db.execute<{ met: string }>(sql`
    select count(*) as met from (
      select distinct on (${list(table.key, 's')}, case when not ${isNamed} then s.seq end) s.left_out
      from ${stagingTable(table, owner.id)} s
      order by ${list(table.key, 's')}, case when not ${isNamed} then s.seq end, s.seq desc) latest
    where left_out is distinct from 'removed'`);
  return Number(rows[0]?.met ?? 0);
}

/** The keys of objects of which a run has met both that they are gone and what they are. */
export async function contradictedKeys(db: Session['db'], table: SyncTable, owner: Owner): Promise<string[]> {
  const staged = stagingTable(table, owner.id);
  const { rows } = await db.execute<{ key: string }>(sql`
    select distinct ${keyText(table, 's')} as key from ${staged} s
    where s.left_out = 'removed' and exists (select from ${staged} other
      where ${equal(table.key, 'other', 's')} and other.left_out is distinct from 'removed')
    order by 1`);
  return rows.map(({ key }) => key);
}

/** The keys of live rows that a run has not met, some at a time, in order. @param after the last that is known; from the first unless given */
export async function unmetKeys(
  db: Session['db'],
  table: SyncTable,
  { owner, after, limit }: { readonly owner: Owner; readonly after: string | undefined; readonly limit: number },
): Promise<string[]> {
  const key = keyText(table, 't');
  const { rows } = await db.execute<{ key: string }>(sql`
    select ${key} as key from ${table.sql} t
    where t.tenant_id = ${ofTenant(owner.tenantId)} and t.removed_at is null and ${key} > ${after ?? ''}
      and not exists (select from ${stagingTable(table, owner.id)} s where ${equal(table.key, 's', 't')})
    order by 1 limit ${limit}`);
  return rows.map(({ key }) => key);
}

const keyText = ({ key }: SyncTable, prefix: string): SQL => sql`concat_ws(' ', ${list(key, prefix)})`;

const aliased = (values: readonly SQL[], columns: SyncTable['key']): SQL =>
  sql.join(
    values.map((value, index) => sql`${value} as ${sql.identifier(columns[index]?.name ?? '')}`),
    sql`, `,
  );

import { sql, type SQL } from 'drizzle-orm';
import type { Session } from '../database.js';
import { ofTenant } from '../sql/of-tenant.js';
import { diffTable } from './diff.js';
import { stagingTable, type Owner } from './staging.js';
import { equal, json, type SyncTable } from './sync-table.js';

/** One difference between what is there and what was read. */
export interface RowDifference {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly reason: string | null;
  readonly row_key: Readonly<Record<string, unknown>>;
  /** Of a changed row what differs, of a removed row all of it. */
  readonly before: Readonly<Record<string, unknown>> | null;
  /** Of a changed row what differs, of an added row all of it. */
  readonly after: Readonly<Record<string, unknown>> | null;
}

export type OnDifferences = (rows: readonly RowDifference[]) => void;

/** A query for the differences of one table, in the shape of `RowDifference`. */
export function differencesOf(
  table: SyncTable,
  { tenantId, runId, removals }: { readonly tenantId: string; readonly runId: string; readonly removals: boolean },
): SQL {
  const same = table.content.map(({ name }) => {
    const column = sql.identifier(name);
    return sql`case when t.${column} is not distinct from s.${column} then ${sql.raw(`'${name}'`)} end`;
  });
  return sql`
    select d.kind, d.reason, ${json(table.key, 'd')} as row_key,
           case d.kind when 'changed' then ${json(table.content, 't')} - same.names
                       when 'removed' then ${json(table.content, 't')} end as before,
           case d.kind when 'changed' then ${json(table.content, 's')} - same.names
                       when 'added' then ${json(table.content, 's')} end as after
    from ${diffTable(table, runId)} d
    left join ${table.sql} t on t.tenant_id = ${ofTenant(tenantId)} and ${equal(table.key, 't', 'd')}
    left join ${stagingTable(table, runId)} s on ${equal(table.key, 's', 'd')}
    cross join lateral (select array_remove(array[${sql.join(same, sql`, `)}]::text[], null) as names offset 0) same
    where (d.kind <> 'removed' or ${removals})
      -- A row that only a newer version of this program writes differently has not changed for anybody.
      and (d.kind <> 'changed' or cardinality(same.names) < ${table.content.length}::int)`;
}

/** Hands over what a run would do to one table; part of the transaction that has compared it. */
export async function eachDifference(
  db: Session['db'],
  { table, owner }: { readonly table: SyncTable; readonly owner: Owner },
  onRows: OnDifferences,
): Promise<void> {
  const { id: runId, tenantId } = owner;
  await eachRow(db, differencesOf(table, { tenantId, runId, removals: true }), onRows);
}

const BATCH = 500;

/** Fetches the rows of a query some at a time, however many they are. */
export async function eachRow(db: Session['db'], query: SQL, onRows: OnDifferences): Promise<void> {
  await db.execute(sql`declare differences no scroll cursor for ${query} order by kind, row_key`);
  for (;;) {
    const { rows } = await db.execute<Row>(sql.raw(`fetch ${BATCH} from differences`));
    if (rows.length > 0) onRows(rows);
    if (rows.length < BATCH) break;
  }
  await db.execute(sql`close differences`);
}

type Row = RowDifference & Record<string, unknown>;

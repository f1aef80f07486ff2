import { getTableColumns, sql, type SQL } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import { syncColumns, type SyncColumn } from '../schema/sync-columns.js';
import type { Cell } from '../sql/copy-text.js';
import { labelOf, type Label } from './label.js';

export type Cells = Readonly<Record<string, Cell>>;

/** The row of a table as a task makes it: total, without the tenant and without what the store keeps for itself. */
export type RowOf<T extends PgTable> = Readonly<Omit<T['$inferSelect'], SyncColumn | 'tenantId'>>;

export interface SyncTableColumn {
  /** Its name in rows. */
  readonly property: string;
  /** Its name in SQL. */
  readonly name: string;
  readonly type: string;
}

/** A synchronized table as the generic verbs see it. */
export interface SyncTable<Row extends Cells = Cells> {
  /** Never there; it ties a task's mapping to the table by type. */
  readonly row?: Row;
  readonly name: string;
  readonly sql: SQL;
  /** What tells rows of one tenant apart. */
  readonly key: readonly SyncTableColumn[];
  readonly content: readonly SyncTableColumn[];
  /** What people call a row of an alias. */
  readonly label: (alias: string) => SQL;
}

/**
 * Reads off a drizzle table that spreads the sync columns what the generic verbs need.
 * @param label its key unless given
 */
export function syncTable<T extends PgTable>(
  table: T,
  label?: Label<keyof RowOf<T> & string>,
): SyncTable<RowOf<T> extends Cells ? RowOf<T> : never> {
  const { name, schema, primaryKeys } = getTableConfig(table);
  const keyNames = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
  const columns = Object.entries(getTableColumns(table))
    .filter(([property, column]) => !(property in syncColumns) && column.name !== 'tenant_id')
    .map(([property, column]) => ({ property, name: column.name, type: column.getSQLType() }));
  const key = columns.filter((column) => keyNames.has(column.name));
  const nameOf = new Map(columns.map(({ property, name: column }) => [property, column]));
  return {
    name,
    sql: sql`${sql.identifier(schema ?? 'public')}.${sql.identifier(name)}`,
    key,
    content: columns.filter((column) => !keyNames.has(column.name)),
    label: (alias) =>
      labelOf(label ?? key.map(({ property }) => property), alias, (property) => nameOf.get(property) ?? property),
  };
}

/** `a.x, a.y`, or with another prefix, or none. */
export function list(columns: readonly SyncTableColumn[], prefix?: string): SQL {
  const dot = prefix === undefined ? sql`` : sql`${sql.identifier(prefix)}.`;
  return sql.join(
    columns.map((column) => sql`${dot}${sql.identifier(column.name)}`),
    sql`, `,
  );
}

/** `a.x = b.x and a.y = b.y`. */
export function equal(columns: readonly SyncTableColumn[], left: string, right: string): SQL {
  return sql.join(
    columns.map((column) => {
      const name = sql.identifier(column.name);
      return sql`${sql.identifier(left)}.${name} = ${sql.identifier(right)}.${name}`;
    }),
    sql` and `,
  );
}

/** `jsonb_build_object('x', a.x, …)`: the columns of a row as one value. */
export function json(columns: readonly SyncTableColumn[], prefix: string): SQL {
  const pairs = columns.map(
    (column) => sql`${sql.raw(`'${column.name}'`)}, ${sql.identifier(prefix)}.${sql.identifier(column.name)}`,
  );
  return sql`jsonb_build_object(${sql.join(pairs, sql`, `)})`;
}

/** The key of a row that was kept as JSON, column by column: `(j ->> 'x')::uuid, …`. */
export function typedKey({ key }: SyncTable, value: SQL): SQL {
  return sql.join(
    key.map(({ name, type }) => sql`(${value} ->> ${sql.raw(`'${name}'`)})::${sql.raw(type)}`),
    sql`, `,
  );
}

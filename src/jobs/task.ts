import type { z } from 'zod';
import type { TenantConfig } from '../config.js';
import type { GraphReader } from '../graph/index.js';
import type { Cells, Staged, SyncTable } from '../store/index.js';

export type Filters = TenantConfig['filters'];

/** Some items of a collection, and where to go on after them; without `next` they are the last. */
export interface Portion {
  readonly items: readonly unknown[];
  readonly next?: string;
}

/** Something that is read as a whole and lands in one table. */
export interface Collection {
  /** Its path in Graph. */
  readonly resource: string;
  readonly table: SyncTable;
  /** What must be the same for rows read earlier to be comparable with rows read now. */
  readonly scope: (filters: Filters) => Scope;
  /** @param from where an interrupted read goes on; undefined: at the start */
  readonly read: (graph: GraphReader, from: string | undefined) => AsyncIterable<Portion>;
  /** Pure: what becomes of one item. */
  readonly prepare: (item: unknown, filters: Filters) => Staged;
}

export interface Scope {
  readonly select: string;
  readonly filters: Filters | null;
}

/** A kind of synchronization, declared. The engine does the rest. */
export interface Task {
  readonly name: string;
  /** Completes "Who, or what …?" in help texts and tables. */
  readonly summary: string;
  /** Application permissions of Graph that it needs. */
  readonly permissions: readonly string[];
  readonly schedule: 'nightly' | 'sso-access';
  /** The view that analysts read. */
  readonly view: string;
  readonly collections: readonly Collection[];
}

export const defineTask = <const T extends Task>(task: T): T => task;

export interface CollectionDefinition<Item extends z.ZodObject, Row extends Cells> {
  readonly resource: string;
  readonly table: SyncTable<Row>;
  /** What Graph must send. */
  readonly item: Item;
  /** The part of it that identifies: where this much can be read, an unreadable item still protects its row. */
  readonly identity: z.ZodType<Partial<Row>>;
  readonly toRow: (item: z.output<Item>) => Row;
  /** The name of the filter that leaves a row out, if one does. */
  readonly filter?: (row: Row, filters: Filters) => string | undefined;
  readonly read: Collection['read'];
  readonly select: string;
}

/** Ties schema, mapping and table together by their types, and hides the types from the engine. */
export function defineCollection<Item extends z.ZodObject, Row extends Cells>(
  definition: CollectionDefinition<Item, Row>,
): Collection {
  const { resource, table, item: schema, identity, toRow, filter, read, select } = definition;
  return {
    resource,
    table,
    read,
    scope: (filters) => ({ select, filters: filter === undefined ? null : filters }),
    prepare(item, filters) {
      const parsed = schema.safeParse(item);
      if (!parsed.success) {
        const key = identity.safeParse(item);
        return { kind: 'quarantined', reason: reasonOf(parsed.error), item, key: key.success ? toKey(key.data) : null };
      }
      const row = toRow(parsed.data);
      const leftOutBy = filter?.(row, filters);
      return leftOutBy === undefined ? { kind: 'row', row } : { kind: 'filtered', filter: leftOutBy, key: row };
    },
  };
}

const toKey = (partial: Partial<Cells>): Cells =>
  Object.fromEntries(Object.entries(partial).map(([name, cell]) => [name, cell ?? null]));

function reasonOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'item'}: ${message}`).join('; ');
}

import type { z } from 'zod';
import type { Cells, SyncTable } from '../store/index.js';
import { isRemoved } from './reading/graph-types.js';
import type { Collection, Filters, Parents, Proof, Stream, Task } from './task.js';

/** Types a task without widening its names. */
export const defineTask = <const T extends Task>(task: T): T => task;

interface ItemDefinition<Item extends z.ZodType, Row extends Cells> {
  /** What Graph must send. */
  readonly item: Item;
  /** The part of it that identifies: if this much can be read, an unreadable item still protects its row. */
  readonly identity: z.ZodType<Partial<Row>>;
  readonly toRow: (item: z.output<Item>) => Row;
  /** The name of the filter that leaves a row out, if one does. The item has what is in no column. */
  readonly filter?: (row: Row, filters: Filters, item: z.output<Item>) => string | undefined;
  /** The properties without which that filter might not leave the item out. */
  readonly restsOn?: (filter: string, filters: Filters, item: z.output<Item>) => readonly string[];
}

export interface CollectionDefinition<Item extends z.ZodType, Row extends Cells> extends ItemDefinition<Item, Row> {
  readonly resource: string;
  readonly table: SyncTable<Row>;
  readonly select: string;
  readonly read: Collection['read'];
  readonly parents?: Parents<keyof Row & string>;
  readonly isSingle?: boolean;
  readonly proof?: Proof;
}

/** Ties schema, mapping and table together by their types, and hides the types from the engine. */
export function defineCollection<Item extends z.ZodType, Row extends Cells>(
  definition: CollectionDefinition<Item, Row>,
): Collection {
  const { resource, table, read, select, filter, parents, isSingle = false, proof, identity } = definition;
  return {
    resource,
    table,
    read,
    parents,
    isSingle,
    proof,
    toKey: (object) => keyOf(identity, object),
    scope: (filters) => ({ select, filters: filter === undefined ? null : filters }),
    prepare: prepareBy(definition),
  };
}

export function defineStream<Item extends z.ZodType, Row extends Cells>(
  definition: ItemDefinition<Item, Row> & Omit<Stream, 'table' | 'prepare'> & { readonly table: SyncTable<Row> },
): Stream {
  const { resource, table, read, merge, eachDifference, begin, end } = definition;
  return { resource, table, read, merge, eachDifference, begin, end, prepare: prepareBy(definition) };
}

function prepareBy<Item extends z.ZodType, Row extends Cells>(
  definition: ItemDefinition<Item, Row>,
): Collection['prepare'] {
  const { item: schema, identity, toRow, filter, restsOn } = definition;
  return (item, filters) => {
    if (isRemoved(item)) {
      const key = keyOf(identity, item);
      if (key !== null) return { kind: 'removed', key };
    }
    const parsed = schema.safeParse(item);
    if (!parsed.success) {
      return { kind: 'quarantined', reason: reasonOf(parsed.error), item, key: keyOf(identity, item) };
    }
    const row = toRow(parsed.data);
    const leftOutBy = filter?.(row, filters, parsed.data);
    if (leftOutBy === undefined) return { kind: 'row', row };
    return { kind: 'filtered', filter: leftOutBy, key: row, restsOn: restsOn?.(leftOutBy, filters, parsed.data) };
  };
}

function keyOf(identity: z.ZodType<Partial<Cells>>, item: unknown): Cells | null {
  const parsed = identity.safeParse(item);
  if (!parsed.success) return null;
  return Object.fromEntries(Object.entries(parsed.data).map(([name, cell]) => [name, cell ?? null]));
}

function reasonOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.') || 'item'}: ${message.replace(/^Invalid input: /, '')}`)
    .join('; ');
}

import type { z } from 'zod';
import type { Config, TenantConfig } from '../config.js';
import type { GraphClient, GraphReader } from '../graph/index.js';
import type { Cells, Database, eachDifference, Owner, Session, Staged, SyncTable } from '../store/index.js';

export type Filters = TenantConfig['filters'];

/** Some items of a collection, and where to go on after them; without `next` they are the last. */
export interface Portion {
  readonly items: readonly unknown[];
  readonly next?: string;
  /** Of the last portion: where the next read of the collection can start. */
  readonly cursor?: string;
  /** How many answers of Graph it is made of; 1 unless said. */
  readonly pages?: number;
  /** Parents that vanished while their children were read: nothing of them may be swept. */
  readonly skipped?: readonly string[];
}

export interface ReadOptions {
  readonly graph: GraphReader;
  /** Where an interrupted read goes on; undefined: at the start. */
  readonly from: string | undefined;
  /** The delta link to read the changes from; undefined: everything is read. */
  readonly delta: string | undefined;
  /** The parents whose children are read, sorted; empty where the collection has none. */
  readonly parents: readonly string[];
}

/** Something that is read as a whole and lands in one table. */
export interface Collection {
  /** Its path in Graph. */
  readonly resource: string;
  readonly table: SyncTable;
  /** What must be the same for rows read earlier to be comparable with rows read now. */
  readonly scope: (filters: Filters) => Scope;
  readonly parents: FindParents;
  readonly read: (options: ReadOptions) => AsyncIterable<Portion>;
  /** Pure: what becomes of one item. */
  readonly prepare: (item: unknown, filters: Filters) => Staged;
  /** The property of a row that names its parent, where it has one. */
  readonly parentProperty: string | undefined;
  /** Holds one object, and takes no `$top`. */
  readonly isSingle: boolean;
}

/** Finds the ids under which a collection of children is read. */
export type FindParents = (db: Session['db'], owner: Owner) => Promise<readonly string[]>;

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
  readonly schedules: readonly ScheduleName[];
  /** Tasks whose rows it builds on. */
  readonly needs: readonly string[];
  /** The view that analysts read. */
  readonly view: string;
  /** What is read as a whole, compared and swept, in this order. */
  readonly collections: readonly Collection[];
  /** Brings up to date what follows from the rows of the collections; part of the transaction that changes them. */
  readonly derive?: (db: Session['db'], owner: Owner) => Promise<void>;
  /** What grows for ever, and is read by windows of time. */
  readonly stream?: Stream;
  /** Writes down what is worth knowing beside the rows. Where it cannot, the run is as good. */
  readonly notice?: (where: Noticing) => Promise<void>;
}

/** What there is to notice something with. */
export interface Noticing {
  readonly client: GraphClient;
  readonly graph: GraphReader;
  readonly database: Database;
  readonly tenantId: string;
}

export const SCHEDULES = ['nightly', 'sso-access'] as const;
export type ScheduleName = (typeof SCHEDULES)[number];

/** Events by the time they happened: read window by window, each of which lands by itself. Nothing is ever swept. */
export interface Stream {
  readonly resource: string;
  readonly table: SyncTable;
  readonly read: (graph: GraphReader, window: Window, from: string | undefined) => AsyncIterable<Portion>;
  readonly prepare: Collection['prepare'];
  /** Lands what is staged of one window; part of the transaction that moves the cursor. */
  readonly merge: (db: Session['db'], table: SyncTable, owner: Owner) => Promise<StreamCounts>;
  /** Hands over what the merge has just added and changed. */
  readonly eachDifference: typeof eachDifference;
  /** Before the first window. */
  readonly begin: (graph: GraphReader, database: Database, tenantId: string) => Promise<void>;
  /** After the last. */
  readonly end: (database: Database, tenantId: string, settings: RunSettings) => Promise<void>;
}

export type StreamCounts = Readonly<Record<'added' | 'changed' | 'unchanged', number>>;

/** The settings that runs obey. */
export type RunSettings = Pick<Config, 'removalGuardPercent' | 'signInRetentionDays' | 'fullReadEveryDays'>;

/** Both ends belong to it. ISO instants. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

export const defineTask = <const T extends Task>(task: T): T => task;

interface ItemDefinition<Item extends z.ZodType, Row extends Cells> {
  /** What Graph must send. */
  readonly item: Item;
  /** The part of it that identifies: where this much can be read, an unreadable item still protects its row. */
  readonly identity: z.ZodType<Partial<Row>>;
  readonly toRow: (item: z.output<Item>) => Row;
  /** The name of the filter that leaves a row out, if one does. */
  readonly filter?: (row: Row, filters: Filters) => string | undefined;
}

export interface CollectionDefinition<Item extends z.ZodType, Row extends Cells> extends ItemDefinition<Item, Row> {
  readonly resource: string;
  readonly table: SyncTable<Row>;
  readonly select: string;
  readonly read: Collection['read'];
  readonly parents?: FindParents;
  readonly parentProperty?: keyof Row & string;
  readonly isSingle?: boolean;
}

/** Ties schema, mapping and table together by their types, and hides the types from the engine. */
export function defineCollection<Item extends z.ZodType, Row extends Cells>(
  definition: CollectionDefinition<Item, Row>,
): Collection {
  const { resource, table, read, select, filter, parents, parentProperty, isSingle = false } = definition;
  return {
    resource,
    table,
    read,
    parents: parents ?? (() => Promise.resolve([])),
    parentProperty,
    isSingle,
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
  const { item: schema, identity, toRow, filter } = definition;
  return (item, filters) => {
    if (isRemoved(item)) {
      const key = identity.safeParse(item);
      if (key.success) return { kind: 'removed', key: toKey(key.data) };
    }
    const parsed = schema.safeParse(item);
    if (!parsed.success) {
      const key = identity.safeParse(item);
      return { kind: 'quarantined', reason: reasonOf(parsed.error), item, key: key.success ? toKey(key.data) : null };
    }
    const row = toRow(parsed.data);
    const leftOutBy = filter?.(row, filters);
    return leftOutBy === undefined ? { kind: 'row', row } : { kind: 'filtered', filter: leftOutBy, key: row };
  };
}

/** @see https://learn.microsoft.com/graph/delta-query-overview */
const isRemoved = (item: unknown): boolean => typeof item === 'object' && item !== null && '@removed' in item;

const toKey = (partial: Partial<Cells>): Cells =>
  Object.fromEntries(Object.entries(partial).map(([name, cell]) => [name, cell ?? null]));

function reasonOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.') || 'item'}: ${message.replace(/^Invalid input: /, '')}`)
    .join('; ');
}

import type { Config, TenantConfig } from '../settings/config.js';
import type { ScheduleName } from '../settings/schedules.js';
import type { GraphClient, GraphReader, PassesOver } from '../graph/index.js';
import type {
  Cells,
  Database,
  eachDifference,
  Owner,
  Session,
  SkippedParent,
  SkipReason,
  Staged,
  SyncTable,
} from '../store/index.js';
import type { Doubt } from './doubts.js';

/**
 * The words of this project; docs/architecture.md has the rest.
 * - tenant: an Entra directory, the credential to read it, and its filters
 * - task: a kind of synchronization, declared below. run: one execution of a task for a tenant
 * - collection: what a task reads as a whole. stream: events, read by windows of time
 * - page: one response of Graph. item: one object in it. row: what the item becomes. chunk: what a read hands over at once
 * - checkpoint: where an interrupted run resumes. cursor: where the next run starts: a delta link or a time
 * - staging: where chunks wait until the read is complete. landing: diff, guard and merge, from staging to rows
 * - sweep: the removal of rows that a complete read did not meet. held: a run whose removals await approval
 * - doubt: a reason why a read is not proven complete. quarantine: items that no schema accepts
 * - budget: how much Graph lets us ask per time. lease: the part that one process may spend
 */

export type Filters = TenantConfig['filters'];

/** Some items of a collection, of one or more pages, and where to resume after them; the last chunk has no `next`. */
export interface Chunk {
  readonly items: readonly unknown[];
  readonly next?: string;
  /** Only in the last chunk: where the next read of the collection can start. */
  readonly cursor?: string;
  /** How many answers of Graph it is made of; 1 unless said. */
  readonly pages?: number;
  /** Parents whose children could not be read: nothing of them may be swept. */
  readonly skipped?: readonly Skipped[];
  /** The ids of objects that Graph names and does not show: their rows stay as they are. */
  readonly unproven?: readonly string[];
  /** Why what was read so far is not proven to be the whole. */
  readonly doubts?: readonly Doubt[];
  /** How many items were on a page that had a successor, on the shortest of them. */
  readonly linked?: number;
  /** Only in the last chunk of a listing: how many objects Graph counts; or that it does not count here, or failed to. */
  readonly counted?: number | 'refused' | 'failed';
}

export interface Skipped {
  readonly parent: string;
  readonly reason: SkipReason;
}

export interface ReadOptions {
  readonly graph: GraphReader;
  /** Where an interrupted read goes on; undefined: at the start. */
  readonly from: string | undefined;
  /** The delta link to read the changes from; undefined: everything is read. */
  readonly delta: string | undefined;
  /** The parents whose children are read, sorted; empty where the collection has none. */
  readonly parents: readonly string[];
  /** Whether the read goes on without a parent that Graph refuses; only without those it does not find, unless given. */
  readonly passesOver?: PassesOver | undefined;
  /** What becomes of one item, under the filters of this run. */
  readonly prepare: (item: unknown) => Staged;
  /**
   * Compares rows with the live ones of the same objects: by id, the properties that differ. Without an entry if there is no such
   * row, or this run has staged the object already.
   */
  readonly differing: (rows: readonly Cells[]) => Promise<ReadonlyMap<string, ReadonlySet<string>>>;
}

/** Something that is read as a whole and lands in one table. */
export interface Collection {
  /** Its path in Graph. */
  readonly resource: string;
  readonly table: SyncTable;
  /** What must be the same for rows read earlier to be comparable with rows read now. */
  readonly scope: (filters: Filters) => Scope;
  /** Of a collection of children: what they are children of. */
  readonly parents: Parents | undefined;
  readonly read: (options: ReadOptions) => AsyncIterable<Chunk>;
  /** Pure: what becomes of one item. */
  readonly prepare: (item: unknown, filters: Filters) => Staged;
  /** The key of an item's row; null if it cannot be read. */
  readonly toKey: (item: unknown) => Cells | null;
  /** How what is read of it is proven; undefined if it cannot be. */
  readonly proof: Proof | undefined;
  /** Holds one object, and takes no `$top`. */
  readonly isSingle: boolean;
}

/** What a collection of children is read under. */
export interface Parents<Property extends string = string> {
  readonly kind: SkippedParent['kind'];
  /** The property of a row that names its parent. */
  readonly property: Property;
  /** Their ids, sorted. */
  readonly find: (db: Session['db'], owner: Owner) => Promise<readonly string[]>;
  /** Those of some parents that a listing still names as existing, since their children were first not found. */
  readonly findNamed: (
    db: Session['db'],
    owner: Owner,
    since: ReadonlyMap<string, string>,
  ) => Promise<readonly string[]>;
  /** Path of one of them. */
  readonly object: (id: string, select: string) => string;
  /** Where Graph counts the children of one, the best first: the others are for a Graph that refuses it. */
  readonly counts: readonly ChildCount<Property>[];
  /** The application permission without which Graph forbids the children of every parent. */
  readonly permission: string;
  /** Whether a run fails that can read none of them, whatever the reason. */
  readonly mustRead: boolean;
  /** Some may hide their children from whoever lacks one more permission. */
  readonly hidden?: HiddenChildren;
}

export interface ChildCount<Property extends string = string> {
  /** Ends in `$count`. */
  readonly path: (id: string) => string;
  /** Which children it counts: those with a value in a column, or with none; all of them unless given. */
  readonly only?: { readonly property: Property; readonly value: string };
}

export interface HiddenChildren {
  readonly permission: string;
  /** What tells it of a parent. */
  readonly select: string;
  readonly isHidden: (parent: unknown) => boolean;
}

/** Where Graph says how many objects there are, and shows single ones. Paths below the version. */
export interface Proof {
  /** Ends in `$count`. */
  readonly count: string;
  /** What the objects are called in a note: `users`. */
  readonly what: string;
  readonly object: (id: string) => string;
  /** Where an object is until it is deleted for good, 30 days. @see https://learn.microsoft.com/graph/api/directory-deleteditems-get */
  readonly deleted: (id: string) => string;
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
  readonly schedules: readonly ScheduleName[];
  /** Tasks whose rows it builds on. */
  readonly dependsOn: readonly string[];
  /** The view that analysts read. */
  readonly view: string;
  /** What is read as a whole, compared and swept, in this order. */
  readonly collections: readonly Collection[];
  /** Brings up to date what follows from the rows of the collections; part of the transaction that changes them. */
  readonly refreshDerived?: (db: Session['db'], owner: Owner) => Promise<void>;
  /** What grows for ever, and is read by windows of time. */
  readonly stream?: Stream;
  /** Records what is worth knowing besides the rows. If it fails, the run still succeeds. */
  readonly afterRead?: (options: AfterReadOptions) => Promise<void>;
}

/** What the hook receives. */
export interface AfterReadOptions {
  readonly client: GraphClient;
  readonly graph: GraphReader;
  readonly database: Database;
  readonly tenantId: string;
}

/** Events by the time they happened: read window by window, each of which lands by itself. Nothing is ever swept. */
export interface Stream {
  readonly resource: string;
  readonly table: SyncTable;
  readonly read: (graph: GraphReader, window: Window, from: string | undefined) => AsyncIterable<Chunk>;
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

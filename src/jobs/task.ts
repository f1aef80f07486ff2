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
  /** How many responses of Graph it consists of; 1 by default. */
  readonly pages?: number;
  /** Parents whose children could not be read: their rows are not swept. */
  readonly skipped?: readonly Skipped[];
  /** Ids of objects that Graph names but does not show: their rows stay as they are. */
  readonly unproven?: readonly string[];
  /** Why what was read so far is not proven complete. */
  readonly doubts?: readonly Doubt[];
  /** The number of items on the shortest page that links to another. */
  readonly linked?: number;
  /** Only in the last chunk of a listing: how many objects Graph counts, or that it refused or failed to count. */
  readonly counted?: number | 'refused' | 'failed';
}

export interface Skipped {
  readonly parent: string;
  readonly reason: SkipReason;
}

export interface ReadOptions {
  readonly graph: GraphReader;
  /** Where an interrupted read resumes; undefined: at the start. */
  readonly from: string | undefined;
  /** The delta link to read the changes from; undefined: everything is read. */
  readonly delta: string | undefined;
  /** The parents whose children are read, sorted; empty if the collection has none. */
  readonly parents: readonly string[];
  /** Which parents the read skips if Graph refuses them; by default only those that are not found. */
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
  /** What the items are children of, if they are. */
  readonly parents: Parents | undefined;
  readonly read: (options: ReadOptions) => AsyncIterable<Chunk>;
  /** Pure: what becomes of one item. */
  readonly prepare: (item: unknown, filters: Filters) => Staged;
  /** The key of an item's row; null if it cannot be read. */
  readonly toKey: (item: unknown) => Cells | null;
  /** How a read is proven complete; undefined if it cannot be. */
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
  /** Which of some parents a listing has named since their children were first not found. */
  readonly findNamed: (
    db: Session['db'],
    owner: Owner,
    since: ReadonlyMap<string, string>,
  ) => Promise<readonly string[]>;
  /** The path of one parent. */
  readonly object: (id: string, select: string) => string;
  /** Where Graph counts the children of one parent, the best first; the others are tried if Graph refuses it. */
  readonly counts: readonly ChildCount<Property>[];
  /** The application permission without which Graph forbids the children of every parent. */
  readonly permission: string;
  /** Whether a run fails if it can read none of them. */
  readonly mustRead: boolean;
  /** Some parents hide their children from applications that lack one more permission. */
  readonly hidden?: HiddenChildren;
}

export interface ChildCount<Property extends string = string> {
  /** Ends in `$count`. */
  readonly path: (id: string) => string;
  /** The children it counts: those with a value in a column, or with none; by default all. */
  readonly only?: { readonly property: Property; readonly value: string };
}

export interface HiddenChildren {
  readonly permission: string;
  /** The properties of a parent that show it. */
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
  /** Events, read by windows of time. */
  readonly stream?: Stream;
  /** Records facts that are no rows. If it fails, the run still succeeds. */
  readonly afterRead?: (options: AfterReadOptions) => Promise<void>;
}

/** What the hook receives. */
export interface AfterReadOptions {
  readonly client: GraphClient;
  readonly graph: GraphReader;
  readonly database: Database;
  readonly tenantId: string;
}

/** Events by the time they happened: read window by window, each landed separately. Nothing is swept. */
export interface Stream {
  readonly resource: string;
  readonly table: SyncTable;
  readonly read: (graph: GraphReader, window: Window, from: string | undefined) => AsyncIterable<Chunk>;
  readonly prepare: Collection['prepare'];
  /** Lands what is staged of one window; part of the transaction that moves the cursor. */
  readonly merge: (db: Session['db'], table: SyncTable, owner: Owner) => Promise<StreamCounts>;
  /** Passes on what the merge has just added and changed. */
  readonly eachDifference: typeof eachDifference;
  /** Before the first window. */
  readonly begin: (graph: GraphReader, database: Database, tenantId: string) => Promise<void>;
  /** After the last. */
  readonly end: (database: Database, tenantId: string, settings: RunSettings) => Promise<void>;
}

export type StreamCounts = Readonly<Record<'added' | 'changed' | 'unchanged', number>>;

/** The settings that runs need. */
export type RunSettings = Pick<Config, 'removalGuardPercent' | 'signInRetentionDays' | 'fullReadEveryDays'>;

/** Both ends belong to it. ISO instants. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

import { bigint, index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { SKIP_REASONS } from './runs.js';
import { data, staging } from './schemas.js';
import { instant } from './sync-columns.js';

/** Where the next run starts. A row means that a run of this task has landed before. */
export const cursors = data.table(
  'cursors',
  {
    tenantId: uuid('tenant_id').notNull(),
    task: text('task').notNull(),
    resource: text('resource').notNull(),
    /** What the rows below were read under; where it differs from today's, they must be read in full again. */
    scope: jsonb('scope').notNull(),
    /** A delta link or a watermark; null for what can only be read in full. */
    position: text('position'),
    /** When everything was read last: deltas may miss something. */
    fullReadAt: instant('full_read_at'),
    runId: uuid('run_id').notNull(),
    movedAt: instant('moved_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.task, table.resource] })],
);

/** Items that no schema accepts, as they came, with the reason. */
export const quarantine = data.table(
  'quarantine',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    tenantId: uuid('tenant_id').notNull(),
    task: text('task').notNull(),
    resource: text('resource').notNull(),
    runId: uuid('run_id').notNull(),
    itemId: text('item_id'),
    reason: text('reason').notNull(),
    item: jsonb('item').notNull(),
    quarantinedAt: instant('quarantined_at').notNull(),
  },
  (table) => [index('quarantine_by_task').on(table.tenantId, table.task, table.resource)],
);

/** The removals that a held run keeps until an operator's word. */
export const heldRemovals = data.table(
  'held_removals',
  {
    runId: uuid('run_id').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    task: text('task').notNull(),
    tableName: text('table_name').notNull(),
    rowKey: jsonb('row_key').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.tableName, table.rowKey] }),
    index('held_removals_by_task').on(table.tenantId, table.task),
  ],
);

/**
 * Applications and groups whose children could not be read: their rows stay. One that is not found in three runs in a row,
 * although it is no longer listed, is known as gone: its rows may go, and it makes no run partial.
 */
export const skippedParents = data.table(
  'skipped_parents',
  {
    tenantId: uuid('tenant_id').notNull(),
    task: text('task').notNull(),
    resource: text('resource').notNull(),
    parentId: uuid('parent_id').notNull(),
    name: text('name'),
    reason: text('reason', { enum: SKIP_REASONS }).notNull(),
    /** When a run first found it so. */
    since: instant('since').notNull(),
    /** How many runs in a row have read to their end and found it so. */
    runs: integer('runs').notNull(),
    /** The last of them: a run that is replayed counts once. */
    lastRun: uuid('last_run').notNull(),
    goneAt: instant('gone_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.task, table.resource, table.parentId] })],
);

/**
 * Where an interrupted run resumes. Unlogged like the pages it speaks of: after a crash of Postgres both are gone, and
 * a checkpoint that outlived its pages would make everybody on them look removed.
 */
export const checkpoints = staging.table('checkpoints', {
  runId: uuid('run_id').primaryKey(),
  /** The attempt that may write. An older one that is still alive finds that its turn is over. */
  attempt: integer('attempt').notNull(),
  /** Whose pages they are: a dry run has no row in `runs`, and names of staging tables are there for everybody to read. */
  tenantId: uuid('tenant_id').notNull(),
  task: text('task').notNull(),
  state: jsonb('state').notNull(),
});

/** One row: what tells this database from all others. */
export const installation = data.table('installation', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** The server and the database that the id was made for. A copy is in another place, and gets an id of its own. */
  place: text('place'),
});

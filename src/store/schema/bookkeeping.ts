import { bigint, index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
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
 * Where an interrupted run resumes. Unlogged like the pages it speaks of: after a crash of Postgres both are gone, and
 * a checkpoint that outlived its pages would make everybody on them look removed.
 */
export const checkpoints = staging.table('checkpoints', {
  runId: uuid('run_id').primaryKey(),
  /** The attempt that may write. An older one that is still alive finds that its turn is over. */
  attempt: integer('attempt').notNull(),
  state: jsonb('state').notNull(),
});

/** One row: what tells this database from all others. */
export const installation = data.table('installation', {
  id: uuid('id').primaryKey().defaultRandom(),
});

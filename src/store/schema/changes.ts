import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { contract, data } from './schemas.js';
import { instant } from './sync-columns.js';

type Cells = Record<string, unknown>;

export const changes = data.table(
  'changes',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    tenantId: uuid('tenant_id').notNull(),
    task: text('task').notNull(),
    runId: uuid('run_id').notNull(),
    tableName: text('table_name').notNull(),
    rowKey: jsonb('row_key').$type<Cells>().notNull(),
    kind: text('kind', { enum: ['added', 'changed', 'removed'] }).notNull(),
    /** Why a row was removed, or `returned` where an added one had been removed before. */
    reason: text('reason'),
    before: jsonb('before').$type<Cells>(),
    after: jsonb('after').$type<Cells>(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    check('changes_kind', sql`${table.kind} in ('added', 'changed', 'removed')`),
    index('changes_by_run').on(table.runId),
    index('changes_by_time').on(table.changedAt, table.tenantId),
    index('changes_by_row').on(table.tenantId, table.tableName, table.rowKey),
  ],
);

export const changesView = contract.view('changes').as((query) =>
  query
    .select({
      tenantId: changes.tenantId,
      task: changes.task,
      runId: changes.runId,
      tableName: changes.tableName,
      rowKey: changes.rowKey,
      kind: changes.kind,
      reason: changes.reason,
      before: changes.before,
      after: changes.after,
      changedAt: changes.changedAt,
    })
    .from(changes),
);

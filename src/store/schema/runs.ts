import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, jsonb, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { contract, data } from './schemas.js';
import { instant } from './sync-columns.js';

/** `running` until it ends; then one of the others, for ever. */
export const OUTCOMES = ['running', 'complete', 'partial', 'held', 'failed'] as const;
export type RunOutcome = (typeof OUTCOMES)[number];

const count = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

export const runs = data.table(
  'runs',
  {
    id: uuid('id').primaryKey(),
    tenantId: uuid('tenant_id').notNull(),
    task: text('task').notNull(),
    outcome: text('outcome', { enum: OUTCOMES }).notNull().default('running'),
    /** Asked to ignore cursors. */
    full: boolean('full').notNull().default(false),
    /** How often the run was taken up: more than once where it was interrupted. */
    attempt: integer('attempt').notNull().default(0),
    startedAt: instant('started_at').notNull().defaultNow(),
    endedAt: instant('ended_at'),
    /** While Graph asked for a long wait: when the run goes on. */
    waitingUntil: instant('waiting_until'),
    pages: count('pages'),
    items: count('items'),
    added: count('added'),
    changed: count('changed'),
    removed: count('removed'),
    unchanged: count('unchanged'),
    filtered: count('filtered'),
    filteredBy: jsonb('filtered_by').$type<Record<string, number>>().notNull().default({}),
    quarantined: count('quarantined'),
    /** Applications and groups that vanished while they were read. */
    skipped: count('skipped'),
    requests: count('requests'),
    retries: count('retries'),
    bytes: count('bytes'),
    throttledMs: count('throttled_ms'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    errorAdvice: text('error_advice'),
    /** What the reader of its rows should know: that they build on older data of another task. */
    note: text('note'),
  },
  (table) => [
    check('runs_outcome', sql`${table.outcome} in ('running', 'complete', 'partial', 'held', 'failed')`),
    check('runs_ended', sql`(${table.outcome} = 'running') = (${table.endedAt} is null)`),
    // Queues deliver at least once; this is what makes two open runs of one task impossible.
    uniqueIndex('runs_one_open')
      .on(table.tenantId, table.task)
      .where(sql`${table.endedAt} is null`),
    index('runs_latest').on(table.tenantId, table.task, table.startedAt.desc()),
  ],
);

export const runsView = contract.view('runs').as((query) =>
  query
    .select({
      id: runs.id,
      tenantId: runs.tenantId,
      task: runs.task,
      outcome: runs.outcome,
      startedAt: runs.startedAt,
      endedAt: runs.endedAt,
      durationSeconds: sql<number | null>`extract(epoch from ${runs.endedAt} - ${runs.startedAt})::float8`.as(
        'duration_seconds',
      ),
      waitingUntil: runs.waitingUntil,
      pages: runs.pages,
      items: runs.items,
      added: runs.added,
      changed: runs.changed,
      removed: runs.removed,
      unchanged: runs.unchanged,
      filtered: runs.filtered,
      filteredBy: runs.filteredBy,
      quarantined: runs.quarantined,
      skipped: runs.skipped,
      requests: runs.requests,
      retries: runs.retries,
      bytes: runs.bytes,
      throttledMs: runs.throttledMs,
      errorCode: runs.errorCode,
      errorMessage: runs.errorMessage,
      errorAdvice: runs.errorAdvice,
      note: runs.note,
    })
    .from(runs),
);

import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, jsonb, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { OUTCOMES } from './outcomes.js';
import { oneOf } from './one-of.js';
import { contract, data } from './schemas.js';
import { instant } from './sync-columns.js';

export type RunOutcome = (typeof OUTCOMES)[number];

const count = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

/** Why the children of a parent could not be read, or not all: `incomplete`, if Graph counts more than it listed. */
export const SKIP_REASONS = ['not_found', 'forbidden', 'hidden_membership', 'incomplete'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** An application or a group that a run could not read, as `runs` keeps it. */
export interface SkippedParent {
  readonly kind: 'application' | 'group';
  readonly id: string;
  /** Null if neither Graph nor a table says it. */
  readonly name: string | null;
  readonly reason: SkipReason;
  /** When a run first found it so; ISO instant. */
  readonly since: string;
  /** How many runs in a row have read to their end and found it so, this one included. */
  readonly runs: number;
}

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
    /** While the run waits for Graph, its budget or the login: when it resumes. */
    waitingUntil: instant('waiting_until'),
    /** Why, as a sentence without its full stop. */
    waitingFor: text('waiting_for'),
    pages: count('pages'),
    items: count('items'),
    added: count('added'),
    changed: count('changed'),
    removed: count('removed'),
    unchanged: count('unchanged'),
    filtered: count('filtered'),
    filteredBy: jsonb('filtered_by').$type<Record<string, number>>().notNull().default({}),
    quarantined: count('quarantined'),
    /** Applications and groups that could not be read. */
    skipped: count('skipped'),
    /** The first hundred of them. */
    skippedParents: jsonb('skipped_parents').$type<readonly SkippedParent[]>().notNull().default([]),
    requests: count('requests'),
    retries: count('retries'),
    bytes: count('bytes'),
    throttledMs: count('throttled_ms'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    errorAdvice: text('error_advice'),
    /** What the reader of its rows should know: that they build on older data of another task, or are not proven complete. */
    note: text('note'),
    /** Why it is partial, beside what is quarantined and skipped: a sentence each. They stand in the note as well. */
    doubts: jsonb('doubts').$type<readonly string[]>().notNull().default([]),
  },
  (table) => [
    check('runs_outcome', oneOf(table.outcome, OUTCOMES)),
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
      skippedParents: runs.skippedParents,
    })
    .from(runs),
);

import { randomUUID } from 'node:crypto';
import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { RollcallError } from '../../errors.js';
import type { Database, Session } from '../database.js';
import { checkpoints, runs, type RunOutcome } from '../schema/index.js';

export type Run = typeof runs.$inferSelect;
export type EndedOutcome = Exclude<RunOutcome, 'running'>;

/** What a run has counted so far. */
export type RunCounts = Pick<
  Run,
  | 'pages'
  | 'items'
  | 'added'
  | 'changed'
  | 'removed'
  | 'unchanged'
  | 'filtered'
  | 'filteredBy'
  | 'quarantined'
  | 'skipped'
  | 'skippedParents'
  | 'requests'
  | 'retries'
  | 'bytes'
  | 'throttledMs'
>;

export interface RunRequest {
  readonly tenantId: string;
  readonly task: string;
  readonly full?: boolean;
}

/** The open run of this task and tenant, to be gone on with, or a new one. There is never more than one. */
export async function requestRun(database: Database, { tenantId, task, full = false }: RunRequest): Promise<Run> {
  const id = randomUUID();
  const { rowCount } = await database.db.insert(runs).values({ id, tenantId, task, full }).onConflictDoNothing();
  // It may have waited for one that landed, and begins after its end.
  if (rowCount === 1) {
    const startedAt = sql`clock_timestamp()`;
    await database.db
      .update(runs)
      .set({ startedAt })
      .where(and(eq(runs.id, id), eq(runs.attempt, 0)));
  }
  const open = and(eq(runs.tenantId, tenantId), eq(runs.task, task), isNull(runs.endedAt));
  const [run] = full
    ? await database.db.update(runs).set({ full }).where(open).returning()
    : await database.db.select().from(runs).where(open);
  // It may have ended between the two statements; then the next round inserts.
  return run ?? requestRun(database, { tenantId, task, full });
}

/** The runs that have not ended, of all tenants. */
export async function openRuns(database: Database): Promise<Run[]> {
  return database.db.select().from(runs).where(isNull(runs.endedAt));
}

export async function findRun(database: Database, id: string): Promise<Run | undefined> {
  const [run] = await database.db.select().from(runs).where(eq(runs.id, id));
  return run;
}

/** Counts one more attempt at an open run. @returns undefined where the run has ended meanwhile, or waits */
export async function startAttempt(database: Database, id: string): Promise<Run | undefined> {
  const [run] = await database.db
    .update(runs)
    .set({ attempt: sql`${runs.attempt} + 1`, waitingUntil: null, waitingFor: null })
    .where(and(eq(runs.id, id), isNull(runs.endedAt), sql`coalesce(${runs.waitingUntil} <= now(), true)`))
    .returning();
  return run;
}

/** How long, in milliseconds, an open run still waits, by the clock that the wait was set by. @returns undefined where it has ended */
export async function waitLeft(database: Database, id: string): Promise<number | undefined> {
  const left = sql<number>`greatest(ceil(extract(epoch from ${runs.waitingUntil} - now()) * 1000), 0)::float8`;
  const [run] = await database.db
    .select({ left })
    .from(runs)
    .where(and(eq(runs.id, id), isNull(runs.endedAt)));
  return run?.left;
}

export async function setNote(database: Database, id: string, note: string | null): Promise<void> {
  await database.db.update(runs).set({ note }).where(eq(runs.id, id));
}

/** @param wait how long from now, and why, as a sentence without its full stop */
export async function setWaiting(
  database: Database,
  id: string,
  { delayMs, message }: { readonly delayMs: number; readonly message: string },
): Promise<void> {
  const until = sql`now() + ${delayMs} * interval '1 millisecond'`;
  await database.db
    .update(runs)
    .set({ waitingUntil: until, waitingFor: message })
    .where(and(eq(runs.id, id), isNull(runs.endedAt)));
}

/** @returns false where the run had ended already, or another attempt has it */
export async function endRun(
  db: Session['db'],
  run: Run,
  outcome: EndedOutcome,
  { doubts, ...counts }: RunCounts & Pick<Run, 'doubts'>,
): Promise<boolean> {
  const note = sql`nullif(concat_ws(' ', ${runs.note}, ${doubts.join(' ')}::text), '')`;
  const mine = and(eq(runs.id, run.id), eq(runs.attempt, run.attempt), isNull(runs.endedAt));
  const ended = await db
    .update(runs)
    .set({ ...counts, doubts, note, outcome, endedAt: sql`now()`, waitingUntil: null, waitingFor: null })
    .where(mine)
    .returning({ id: runs.id });
  return ended.length === 1;
}

export async function failRun(database: Database, run: Run, error: RollcallError, counts: RunCounts): Promise<void> {
  await database.db
    .update(runs)
    .set({
      ...counts,
      outcome: 'failed',
      endedAt: sql`now()`,
      waitingUntil: null,
      waitingFor: null,
      errorCode: error.code,
      errorMessage: error.message,
      errorAdvice: error.advice,
    })
    .where(and(eq(runs.id, run.id), eq(runs.attempt, run.attempt), isNull(runs.endedAt)));
}

/** Sets the end to this moment, not to when the transaction began that landed the run. */
export async function stampEnd(db: Session['db'], { id }: Pick<Run, 'id'>): Promise<void> {
  await db
    .update(runs)
    .set({ endedAt: sql`clock_timestamp()` })
    .where(eq(runs.id, id));
}

/** For failures outside of an attempt: ends the run, if it is still open, with the counts it has. */
export async function failOpenRun(database: Database, id: string, error: RollcallError): Promise<void> {
  const run = await findRun(database, id);
  if (run !== undefined) await failRun(database, run, error, run);
}

/** Opens an ended run again, to be gone on with. @returns undefined where a later run of its task exists */
export async function reopenRun(db: Session['db'], id: string): Promise<Run | undefined> {
  const [run] = await db
    .update(runs)
    .set({ outcome: 'running', endedAt: null, errorCode: null, errorMessage: null, errorAdvice: null })
    .where(
      and(
        eq(runs.id, id),
        isNotNull(runs.endedAt),
        sql`not exists (select from ${runs} later where later.tenant_id = ${runs}.tenant_id and later.task = ${runs}.task
          and later.started_at > ${runs}.started_at)`,
      ),
    )
    .returning();
  return run;
}

/** Writes down what an operator has decided of a held run. @returns false where it is not held, or no longer */
export async function settleHeldRun(
  db: Session['db'],
  id: string,
  decision: Partial<Pick<Run, 'outcome' | 'removed'>> & Pick<Run, 'note'>,
): Promise<boolean> {
  const settled = await db
    .update(runs)
    .set(decision)
    .where(and(eq(runs.id, id), eq(runs.outcome, 'held')));
  return settled.rowCount === 1;
}

/** The state at the last checkpoint of an open run: how far it is. */
export async function checkpointOf(database: Database, runId: string): Promise<unknown> {
  const [row] = await database.db
    .select({ state: checkpoints.state })
    .from(checkpoints)
    .where(eq(checkpoints.runId, runId));
  return row?.state;
}

export interface RunFilter {
  readonly tenantId?: string | undefined;
  readonly task?: string | undefined;
  readonly outcome?: RunOutcome | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listRuns(database: Database, { tenantId, task, outcome, limit }: RunFilter): Promise<Run[]> {
  return database.db
    .select()
    .from(runs)
    .where(
      and(
        tenantId === undefined ? undefined : eq(runs.tenantId, tenantId),
        task === undefined ? undefined : eq(runs.task, task),
        outcome === undefined ? undefined : eq(runs.outcome, outcome),
      ),
    )
    .orderBy(desc(runs.startedAt))
    .limit(limit);
}

/** The last run of every task and tenant, or of every task of one tenant. */
export async function latestRuns(database: Database, tenantId?: string): Promise<Run[]> {
  return database.db
    .selectDistinctOn([runs.tenantId, runs.task])
    .from(runs)
    .where(tenantId === undefined ? undefined : eq(runs.tenantId, tenantId))
    .orderBy(runs.tenantId, runs.task, desc(runs.startedAt));
}

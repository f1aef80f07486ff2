import { RetryLater, toRollcallError } from '../../errors.js';
import {
  dropStaging,
  failRun,
  findRun,
  nameHeld,
  saveCheckpoint,
  setNote,
  setWaiting,
  startAttempt,
  TakenOver,
  tryLockRun,
  waitLeft,
  type EndedOutcome,
  type Run,
} from '../../store/index.js';
import type { Task } from '../task.js';
import { readCollections, resume, type Attempt, type RunContext } from './attempt.js';
import { countIdle } from './idle-attempts.js';
import { land, type Landing } from './land.js';
import { noteOnPrerequisites } from './prerequisites.js';
import { readCounts } from './progress.js';
import { readStream } from './read-stream.js';
import { watchRun } from './watch-run.js';

const BUSY_MS = 2000;
/** How many rows that a held run would remove are named in the log. */
const NAMED = 10;

/**
 * Resumes an open run from its checkpoint, or starts it, and runs it to its end.
 * @returns its outcome; undefined if it had ended already
 * @throws RollcallError why the run failed; it has ended then
 * @throws RetryLater if another process runs it, or Graph asks for a long wait
 * @throws RollcallError `database_unreachable`; the run stays open for another attempt
 */
export async function runTask(task: Task, run: Run, context: RunContext): Promise<EndedOutcome | undefined> {
  const { database } = context;
  const lock = await tryLockRun(database, run);
  if (lock === undefined) throw new RetryLater(BUSY_MS, 'another worker has this run');
  const watch = watchRun(database, run);
  try {
    const attempt = await startAttempt(database, run.id);
    if (attempt === undefined) {
      // Asked under the lock: another job of this run may have been told to wait a moment ago.
      const left = await waitLeft(database, run.id);
      if (left === undefined) return undefined;
      throw new RetryLater(left, 'this run waits until Graph may be asked again');
    }
    const log = context.log.child({ tenantId: run.tenantId, task: task.name, runId: run.id });
    const signal = AbortSignal.any([context.signal, lock.lost, watch.ended]);
    return await runAttempt(task, attempt, { ...context, log, signal });
  } finally {
    watch.stop();
    lock.release();
  }
}

async function runAttempt(task: Task, run: Run, context: RunContext): Promise<EndedOutcome | undefined> {
  const { database, log, settings, filters } = context;
  await database.transaction(({ db }) => dropStaging(db, run, { except: run.id }));
  const attempt = await resume(task, run, context);
  const { progress } = attempt;
  log.info(
    { attempt: run.attempt, pages: readCounts(progress).pages },
    run.attempt === 1 ? 'run started' : 'run resumed',
  );
  try {
    await countIdle(database, run, progress);
    await setNote(database, run.id, await noteOnPrerequisites(task, database, run.tenantId));
    await readAll(attempt);
    const landing = await database.transaction(({ db }) => land(db, run, { task, filters, progress, settings }));
    await logEnd(task, run, landing, { database, log });
    return landing.outcome;
  } catch (thrown) {
    const reason: unknown = context.signal.aborted ? context.signal.reason : thrown;
    if (reason instanceof TakenOver) return leave(run, reason, context);
    if (thrown instanceof RetryLater) {
      // A wait or a stop is not an interruption.
      progress.idle = Math.max(0, progress.idle - 1);
      progress.throttledMs += thrown.delayMs;
      await saveCheckpoint(database, run, progress);
      if (thrown.delayMs > 0) await setWaiting(database, run.id, thrown);
      throw thrown;
    }
    const error = toRollcallError(thrown);
    // Too many interruptions fail the run even if it is interrupted now.
    if (error.code !== 'no_progress') context.signal.throwIfAborted();
    if (error.code === 'database_unreachable') throw error;
    await failRun(database, run, error, readCounts(progress));
    log.error({ code: error.code, error: error.message, advice: error.advice, ...error.facts }, 'run failed');
    throw error;
  }
}

/** @throws RetryLater if the run is still open, because another attempt has it */
async function leave(
  { id }: Run,
  { message }: TakenOver,
  { database, log }: RunContext,
): Promise<EndedOutcome | undefined> {
  const run = await findRun(database, id);
  if (run === undefined) return undefined;
  if (run.outcome === 'running') throw new RetryLater(BUSY_MS, message);
  log.warn({ outcome: run.outcome, why: run.errorMessage }, 'run dropped: it has ended elsewhere');
  return run.outcome;
}

/** One line per run: a warning if an operator has something to decide or to look at. */
async function logEnd(
  { collections }: Task,
  { id }: Run,
  { outcome, counts, doubts }: Landing,
  { database, log }: Pick<RunContext, 'database' | 'log'>,
): Promise<void> {
  if (outcome === 'complete') return log.info({ outcome, ...counts }, 'run ended');
  if (outcome === 'partial') {
    const next = counts.quarantined > 0 ? `rollcall quarantine --run ${id}` : `rollcall runs ${id}`;
    return log.warn({ outcome, ...counts, ...(doubts.length === 0 ? {} : { doubts }), next }, 'run ended');
  }
  const tables = collections.map(({ table }) => table);
  const first = await nameHeld(database, id, { tables, limit: NAMED }).catch(() => []);
  const next = `rollcall release ${id}, or: rollcall discard ${id}`;
  log.warn({ outcome, ...counts, first, next }, 'run held: its removals await approval');
}

async function readAll(attempt: Attempt<Run>): Promise<void> {
  const { task, owner: run, context, progress, reader: graph } = attempt;
  const { database, filters, settings } = context;
  await readCollections(attempt, run.full);
  await task.afterRead?.({ client: context.graph, graph, database, tenantId: run.tenantId });
  // The hook swallows Graph's failures, and a stop among them: the next attempt calls it again.
  context.signal.throwIfAborted();
  const { stream } = task;
  if (stream === undefined) return;
  await stream.begin(graph, database, run.tenantId);
  await readStream({ database, graph, run, stream, filters, progress });
  await stream.end(database, run.tenantId, settings);
}

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
/** Of the rows that a held run would remove, so many are named. */
const NAMED = 10;

/**
 * Goes on with an open run, from its checkpoint if it has one, to its end.
 * @returns how it ended, or was cancelled; undefined where it had ended already
 * @throws RollcallError why the run failed; it is ended then
 * @throws RetryLater where another process works on it, or Graph asks for a long wait
 * @throws RollcallError `database_unreachable`, with the run left open: another attempt can go on
 */
export async function runTask(task: Task, run: Run, context: RunContext): Promise<EndedOutcome | undefined> {
  const { database } = context;
  const lock = await tryLockRun(database, run);
  if (lock === undefined) throw new RetryLater(BUSY_MS, 'another worker has this run');
  const watch = watchRun(database, run);
  try {
    const attempt = await startAttempt(database, run.id);
    if (attempt === undefined) {
      // Asked under the lock: of two jobs of one run the other may have been told to wait a moment ago.
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
      // To be told to wait or to stop is no interruption.
      progress.idle = Math.max(0, progress.idle - 1);
      progress.throttledMs += thrown.delayMs;
      await saveCheckpoint(database, run, progress);
      if (thrown.delayMs > 0) await setWaiting(database, run.id, thrown);
      throw thrown;
    }
    const error = toRollcallError(thrown);
    // Too many interruptions are a reason of their own, also if the next one has come by now.
    if (error.code !== 'no_progress') context.signal.throwIfAborted();
    if (error.code === 'database_unreachable') throw error;
    await failRun(database, run, error, readCounts(progress));
    log.error({ code: error.code, error: error.message, advice: error.advice, ...error.facts }, 'run failed');
    throw error;
  }
}

/** Of a run that was cancelled nothing is left to do. @throws RetryLater if it is open, because another attempt has it */
async function leave(
  { id }: Run,
  { message }: TakenOver,
  { database, log }: RunContext,
): Promise<EndedOutcome | undefined> {
  const run = await findRun(database, id);
  if (run === undefined) return undefined;
  if (run.outcome === 'running') throw new RetryLater(BUSY_MS, message);
  log.warn({ outcome: run.outcome, why: run.errorMessage }, 'run left: it has ended elsewhere');
  return run.outcome;
}

/** One line a run: a warning where an operator has something to decide or to look at. */
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
  log.warn({ outcome, ...counts, first, next }, 'run held: its removals wait for a word');
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

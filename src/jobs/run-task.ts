import { RetryLater, toRollcallError } from '../errors.js';
import type { Cost, GraphClient, GraphReader } from '../graph/index.js';
import type { Logger } from '../log.js';
import {
  dropStaging,
  failRun,
  openStaging,
  resetStaging,
  saveCheckpoint,
  setNote,
  setWaiting,
  startAttempt,
  TakenOver,
  tryLockRun,
  type Database,
  type EndedOutcome,
  type Owner,
  type Run,
} from '../store/index.js';
import { land } from './land.js';
import { noteOnNeeds } from './needs.js';
import { addCost, newProgress, readCounts, toProgress, type Progress } from './progress.js';
import { readCollection } from './read-collection.js';
import { readStream } from './read-stream.js';
import type { Filters, RunSettings, Task } from './task.js';

export interface RunContext {
  readonly database: Database;
  readonly graph: GraphClient;
  readonly filters: Filters;
  readonly settings: RunSettings;
  readonly log: Logger;
  /** Aborted when the process is told to stop: the run then keeps its checkpoint for whoever comes next. */
  readonly signal: AbortSignal;
}

const BUSY_MS = 2000;

/**
 * Goes on with an open run, from its checkpoint if it has one, to its end.
 * @returns how it ended; undefined where it had ended already
 * @throws RollcallError why the run failed; it is ended then
 * @throws RetryLater where another process works on it, or Graph asks for a long wait
 * @throws RollcallError `database_unreachable`, with the run left open: another attempt can go on
 */
export async function runTask(task: Task, run: Run, context: RunContext): Promise<EndedOutcome | undefined> {
  const { database } = context;
  const lock = await tryLockRun(database, run);
  if (lock === undefined) throw new RetryLater(BUSY_MS, 'another worker has this run');
  try {
    const attempt = await startAttempt(database, run.id);
    if (attempt === undefined) return undefined;
    const log = context.log.child({ task: task.name, runId: run.id });
    return await runAttempt(task, attempt, { ...context, log, signal: AbortSignal.any([context.signal, lock.lost]) });
  } finally {
    lock.release();
  }
}

async function runAttempt(task: Task, run: Run, context: RunContext): Promise<EndedOutcome> {
  const { database, log, settings, filters } = context;
  await database.transaction(({ db }) => dropStaging(db, run, { except: run.id }));
  const progress = await takeUp(task, run, database);
  log.info(
    { attempt: run.attempt, pages: readCounts(progress).pages },
    run.attempt === 1 ? 'run started' : 'run resumed',
  );
  try {
    await setNote(database, run.id, await noteOnNeeds(task, database, run.tenantId));
    await readAll(task, run, progress, context);
    const landing = await database.transaction(({ db }) => land(db, run, { task, filters, progress, settings }));
    log.info({ outcome: landing.outcome, ...landing.counts }, 'run ended');
    return landing.outcome;
  } catch (thrown) {
    if (thrown instanceof RetryLater) {
      progress.throttledMs += thrown.delayMs;
      await saveCheckpoint(database, run, progress);
      if (thrown.delayMs > 0) await setWaiting(database, run.id, thrown.delayMs);
      throw thrown;
    }
    if (thrown instanceof TakenOver) throw new RetryLater(BUSY_MS, thrown.message);
    context.signal.throwIfAborted();
    const error = toRollcallError(thrown);
    if (error.code === 'database_unreachable') throw error;
    await failRun(database, run, error, readCounts(progress));
    log.error({ code: error.code, error: error.message, advice: error.advice, ...error.facts }, 'run failed');
    throw error;
  }
}

/** The progress that the run's checkpoint keeps, with the staging that goes with it; or both from the beginning. */
export async function takeUp(task: Task, owner: Owner, database: Database): Promise<Progress> {
  const tables = tablesOf(task);
  const state = await openStaging(database, owner, tables);
  const kept = state === undefined ? undefined : toProgress(state);
  if (state !== undefined && kept === undefined) await resetStaging(database, owner, { tables, checkpoint: {} });
  return kept ?? newProgress();
}

async function readAll(task: Task, run: Run, progress: Progress, context: RunContext): Promise<void> {
  const { database, filters, settings } = context;
  const graph = readerFor(task, progress, context);
  for (const collection of task.collections) {
    await readCollection({ database, graph, owner: run, collection, filters, progress });
  }
  const { stream } = task;
  if (stream === undefined) return;
  await stream.begin(graph, database, run.tenantId);
  await readStream({ database, graph, run, stream, filters, progress });
  await stream.end(database, run.tenantId, settings);
}

export function readerFor(task: Task, progress: Progress, { graph, log, signal }: RunContext): GraphReader {
  const onCost = (cost: Cost) => addCost(progress, cost);
  return graph.reader({ log, signal, permissions: task.permissions, onCost });
}

const tablesOf = (task: Task) =>
  [...task.collections, ...(task.stream === undefined ? [] : [task.stream])].map(({ table }) => table);

import { randomUUID } from 'node:crypto';
import { RetryLater, toRollcallError } from '../errors.js';
import type { GraphClient, GraphReader } from '../graph/index.js';
import type { Logger } from '../log.js';
import {
  dropStaging,
  failRun,
  openStaging,
  setWaiting,
  startAttempt,
  TakenOver,
  tryLockRun,
  type Database,
  type EndedOutcome,
  type Owner,
  type Run,
} from '../store/index.js';
import { judge, land, type Landing } from './land.js';
import { addCost, readCounts, toProgress, type Progress } from './progress.js';
import { readCollection } from './read-collection.js';
import type { Filters, Task } from './task.js';

export interface RunContext {
  readonly database: Database;
  readonly graph: GraphClient;
  readonly filters: Filters;
  readonly removalGuardPercent: number;
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
  const { database, log, removalGuardPercent, filters } = context;
  await database.transaction(({ db }) => dropStaging(db, run, { except: run.id }));
  const progress = toProgress(await openStaging(database, run, tablesOf(task)));
  log.info(
    { attempt: run.attempt, pages: readCounts(progress).pages },
    run.attempt === 1 ? 'run started' : 'run resumed',
  );
  try {
    await readAll(task, run, progress, context);
    const landing = await database.transaction(({ db }) =>
      land(db, run, { task, filters, progress, removalGuardPercent }),
    );
    log.info({ outcome: landing.outcome, ...landing.counts }, 'run ended');
    return landing.outcome;
  } catch (thrown) {
    if (thrown instanceof RetryLater) {
      progress.throttledMs += thrown.delayMs;
      await setWaiting(database, run.id, thrown.delayMs);
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

/** What a run would do: reads and compares like a run, writes nothing but staging, and clears that away. */
export async function rehearse(task: Task, tenantId: string, context: RunContext): Promise<Landing> {
  const { database, filters, removalGuardPercent } = context;
  const owner: Owner = { id: randomUUID(), attempt: 1, tenantId, task: task.name };
  try {
    const progress = toProgress(await openStaging(database, owner, tablesOf(task)));
    await readAll(task, owner, progress, context);
    const rehearsal = { task, owner, filters, progress, removalGuardPercent };
    return await database.transaction(({ db }) => judge(db, rehearsal));
  } finally {
    await database.transaction(({ db }) => dropStaging(db, owner, { only: owner.id }));
  }
}

async function readAll(task: Task, owner: Owner, progress: Progress, context: RunContext): Promise<void> {
  const { database, filters } = context;
  const graph = readerFor(task, progress, context);
  for (const collection of task.collections) {
    await readCollection({ database, graph, owner, collection, filters, progress });
  }
}

function readerFor(task: Task, progress: Progress, { graph, log, signal }: RunContext): GraphReader {
  const onCost = (cost: Parameters<typeof addCost>[1]) => addCost(progress, cost);
  return graph.reader({ log, signal, permissions: task.permissions, onCost });
}

const tablesOf = (task: Task) => task.collections.map((collection) => collection.table);

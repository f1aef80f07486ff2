import { setTimeout as sleep } from 'node:timers/promises';
import { toRollcallError } from '../../errors.js';
import { checkpointOf, findRun, requestRun, type Run, type Session } from '../../store/index.js';
import { forgetEnded } from '../queue/forget-jobs.js';
import { withPrerequisites } from '../run/prerequisites.js';
import { newProgress, readCounts, toProgress } from '../run/progress.js';
import { tasks } from '../registry.js';
import type { Task } from '../task.js';
import { reopen } from '../run/reopen.js';
import { startWorker, type WorkerOptions } from './worker.js';

/** How far a run is. */
export interface RunProgress {
  readonly run: Run;
  readonly pages: number;
  readonly items: number;
}

export interface WaitOptions extends WorkerOptions {
  /** Aborted to stop waiting; running runs keep their checkpoints. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: readonly RunProgress[]) => void;
}

export interface SyncOptions extends WaitOptions {
  readonly tenantIds: readonly string[];
  readonly tasks: readonly Task[];
  readonly full: boolean;
  /** Called with the runs that were put on the queue. */
  readonly onRequested?: (runs: readonly Run[]) => Promise<void>;
}

/** For runs of other processes; the end of our own jobs is signalled. */
const RUNS_POLL_MS = 250;

/**
 * Puts runs on the queue, including those of prerequisites that have never landed, and waits until this or another process has
 * ended them.
 * @returns the runs as they ended, or as they were when the signal came
 */
export async function sync(options: SyncOptions): Promise<Run[]> {
  const { queue, database, tenantIds, tasks: chosen, full } = options;
  const requested: Run[] = [];
  for (const tenantId of tenantIds) {
    for (const task of await withPrerequisites(chosen, { database, tenantId, tasks })) {
      const run = await requestRun(database, { tenantId, task: task.name, full });
      await queue.add({ tenantId, task: task.name, runId: run.id });
      requested.push(run);
    }
  }
  await options.onRequested?.(requested);
  const runs = await workOff(requested, options);
  await forgetEnded(options.queue, runs);
  return runs;
}

/**
 * Resumes a run that has ended, from its checkpoint if it still has one, and waits until it has ended again.
 * @param onReopened called in the transaction that reopens the run
 * @throws RollcallError `not_replayable`
 */
export async function replay(
  ended: Run,
  options: WaitOptions,
  onReopened?: (db: Session['db']) => Promise<void>,
): Promise<Run[]> {
  const run = await reopen(ended, options.database, onReopened);
  await options.queue.add({ tenantId: run.tenantId, task: run.task, runId: run.id });
  const runs = await workOff([run], options);
  await forgetEnded(options.queue, runs);
  return runs;
}

/** Works the queue until this or another process has ended these runs. */
async function workOff(requested: readonly Run[], options: WaitOptions): Promise<Run[]> {
  if (requested.length === 0) return [];
  const { signal, onProgress } = options;
  let news = new AbortController();
  const worker = startWorker({ ...options, onJobEnd: () => news.abort() });
  try {
    let progress: RunProgress[] = requested.map((run) => ({ run, pages: 0, items: 0 }));
    for (;;) {
      news = new AbortController();
      progress = await Promise.all(progress.map(({ run }) => progressOfRun(options, run))).catch(orElse(progress));
      onProgress(progress);
      const runs = progress.map(({ run }) => run);
      if (signal.aborted || runs.every((run) => run.endedAt !== null || hasGone(options, run))) return runs;
      await sleep(RUNS_POLL_MS, undefined, { signal: AbortSignal.any([signal, news.signal]) }).catch(() => {});
    }
  } finally {
    await worker.close();
  }
}

/** No worker will end a run whose tenant has been disabled or removed. */
const hasGone = ({ tenants }: WaitOptions, { tenantId }: Run): boolean => tenants.whyNotServed(tenantId) === 'disabled';

/** The last known value while the database is away; the worker waits for it too. */
const orElse =
  <T>(known: T) =>
  (thrown: unknown): T => {
    const error = toRollcallError(thrown);
    if (error.code === 'database_unreachable') return known;
    throw error;
  };

async function progressOfRun({ database }: WaitOptions, requested: Run): Promise<RunProgress> {
  const run = (await findRun(database, requested.id)) ?? requested;
  const { pages, items } =
    run.endedAt === null ? readCounts(toProgress(await checkpointOf(database, run.id)) ?? newProgress()) : run;
  return { run, pages, items };
}

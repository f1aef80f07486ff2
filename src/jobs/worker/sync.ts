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

/** What is known of a run while it goes on. */
export interface RunProgress {
  readonly run: Run;
  readonly pages: number;
  readonly items: number;
}

export interface WaitOptions extends WorkerOptions {
  /** Aborted to stop waiting; what is under way keeps its checkpoint. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: readonly RunProgress[]) => void;
}

export interface SyncOptions extends WaitOptions {
  readonly tenantIds: readonly string[];
  readonly tasks: readonly Task[];
  readonly full: boolean;
  /** Hears which runs were put on the queue. */
  readonly onRequested?: (runs: readonly Run[]) => Promise<void>;
}

/** How often to look, where another process works the run; a job of this one's own tells by itself. */
const RUNS_POLL_MS = 250;

/**
 * Puts runs on the queue, those of tasks that are needed and have never landed included, works them, and waits until they have ended, whoever worked them.
 * @returns the runs as they ended, or as they stood when the signal came
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
 * Goes on with a run that has ended, from the checkpoint that it has kept, or else from its beginning; works it, and waits
 * until it has ended again.
 * @param onReopened hears of it within the transaction that opens the run
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

/** Works the queue until these runs have ended, whoever worked them. */
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

/** Whether nobody will end a run: its tenant was disabled or removed meanwhile. */
const hasGone = ({ tenants }: WaitOptions, { tenantId }: Run): boolean => tenants.whyNotServed(tenantId) === 'disabled';

/** While the database is away, what was known last; the worker waits for it as well. */
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

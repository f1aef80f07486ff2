import { RetryLater, toRollcallError } from '../../errors.js';
import type { Logger } from '../../log.js';
import { failOpenRun, findRun, type AccessLog, type Database, type Run } from '../../store/index.js';
import { isFinal, type JobData, type JobHandler, type Queue, type QueueWorker } from '../queue/queue.js';
import { tasks } from '../registry.js';
import { runTask } from '../run/run-task.js';
import type { RunSettings } from '../task.js';
import { watchForAbandoned } from './abandoned-runs.js';
import { waitForPrerequisites } from './wait-for-prerequisites.js';
import { startScheduled, tasksOf } from './schedule.js';
import type { ServedTenants, Tenant } from './served-tenants.js';
import { CONCURRENCY, createSlots, type Slots } from './slots.js';

export interface WorkerOptions {
  readonly queue: Queue;
  readonly database: Database;
  readonly tenants: ServedTenants;
  readonly settings: RunSettings;
  readonly accessLog: AccessLog;
  readonly log: Logger;
  /** Called after every job of this worker, failed ones included. */
  readonly onJobEnd?: () => void;
}

const UNKNOWN_MS = 60_000;
const SOON_MS = 1000;
/** Short, because another worker may be able to log in. */
const UNREACHABLE_MS = 5000;

/** Works the queue until it is closed. */
export function startWorker(options: WorkerOptions): QueueWorker {
  const { queue, database, tenants } = options;
  const slots = createSlots(CONCURRENCY);
  const handleJob: JobHandler = async (data, { lastAttempt, signal }) => {
    try {
      // The job may have arrived just as the worker was told to stop.
      signal.throwIfAborted();
      await routeJob(data, { ...options, slots }, signal);
    } catch (thrown) {
      if (thrown instanceof RetryLater) throw thrown;
      // A run that has failed stays failed, even if the worker was told to stop at the same moment.
      if (!isFinal(thrown)) signal.throwIfAborted();
      const error = toRollcallError(thrown);
      if (error.code === 'login_refused') tenants.reportLoginRefused(data.tenantId);
      // A run must not stay open if no job will resume it.
      if ((lastAttempt || isFinal(error)) && 'runId' in data)
        await failOpenRun(database, data.runId, error).catch(() => {});
      throw error;
    } finally {
      options.onJobEnd?.();
    }
  };
  const worker = queue.work(handleJob, { concurrency: CONCURRENCY });
  const stopWatching = watchForAbandoned(options, () => tenants.list().map(({ tenantId }) => tenantId), options.log);
  return {
    async close() {
      stopWatching();
      await worker.close();
    },
  };
}

type JobOptions = WorkerOptions & { readonly slots: Slots };

async function routeJob(data: JobData, options: JobOptions, signal: AbortSignal): Promise<void> {
  const { tenants, database, log } = options;
  const run = 'runId' in data ? await findRun(database, data.runId) : undefined;
  // The run is deleted with its tenant.
  if ('runId' in data && run === undefined) return;
  if (run !== undefined && !isOf(data, run)) {
    const { tenantId, task, id } = run;
    log.warn({ job: data, run: { tenantId, task, id } }, 'job dropped, because it contradicts its run: who wrote it?');
    return;
  }
  const work = tenants.work(data.tenantId, (tenant, stopping) =>
    startJob(tenant, { data, run }, options, AbortSignal.any([signal, stopping])),
  );
  if (work !== undefined) return work;
  switch (tenants.whyNotServed(data.tenantId)) {
    case 'disabled':
      // Its runs stay open and resume when it is enabled again.
      return undefined;
    case 'starting':
      throw new RetryLater(SOON_MS, 'its tenant is starting');
    case 'unreachable':
      // The missed schedule is made up for when a worker can log in.
      if ('schedule' in data) return undefined;
      tenants.reportLoginRefused(data.tenantId);
      throw new RetryLater(UNREACHABLE_MS, 'this worker cannot log in to its tenant');
    case undefined:
    default:
      throw leftToOthers(log, data, 'its tenant is not configured here');
  }
}

async function startJob(
  { tenantId, graph, filters }: Tenant,
  { data, run }: { readonly data: JobData; readonly run: Run | undefined },
  options: JobOptions,
  signal: AbortSignal,
): Promise<void> {
  const { database, settings, accessLog, log, slots } = options;
  if ('schedule' in data) {
    await startScheduled(options, { tenantId, tasks: tasksOf(data.schedule, tasks) });
    return;
  }
  const task = tasks.find(({ name }) => name === data.task);
  if (task === undefined) throw leftToOthers(log, data, 'its task is unknown to this version');
  // Queues deliver at least once: the run of a job that came twice has ended.
  if (run === undefined || run.endedAt !== null) return;
  await waitForPrerequisites(task, options, tenantId);
  const release = slots.acquire(tenantId);
  if (release === undefined) throw new RetryLater(SOON_MS, 'runs of other tenants come first');
  try {
    await runTask(task, run, { database, graph, filters, settings, accessLog, log, signal });
  } finally {
    release();
  }
}

/**
 * Whether a job names its run as the database does. A forged job could otherwise read one tenant and write its rows as another's.
 */
const isOf = (data: JobData, run: Run): boolean =>
  'runId' in data && data.tenantId === run.tenantId && data.task === run.task;

/** Another worker may have other tenants or a newer version. */
function leftToOthers(log: Logger, data: JobData, what: string): RetryLater {
  log.warn(data, `job left to other workers: ${what}`);
  return new RetryLater(UNKNOWN_MS, what);
}

import { RetryLater, toRollcallError } from '../errors.js';
import type { GraphClient } from '../graph/index.js';
import type { Logger } from '../log.js';
import { failOpenRun, findRun, type AccessLog, type Database } from '../store/index.js';
import { watchForAbandoned } from './abandoned.js';
import { waitForNeeds } from './needs.js';
import { isFinal, type JobData, type Process, type Queue, type QueueWorker } from './queue.js';
import { tasks } from './registry.js';
import { runTask } from './run-task.js';
import { startScheduled, tasksOf } from './schedule.js';
import type { Filters, RunSettings } from './task.js';

/** A tenant that this process can read. */
export interface Tenant {
  readonly tenantId: string;
  readonly graph: GraphClient;
  readonly filters: Filters;
}

export interface WorkerOptions {
  readonly queue: Queue;
  readonly database: Database;
  readonly tenants: readonly Tenant[];
  readonly settings: RunSettings;
  readonly accessLog: AccessLog;
  readonly log: Logger;
}

/** Each run holds two database connections: its lock and its writes. */
const CONCURRENCY = 4;
const UNKNOWN_MS = 60_000;

/** Works the queue until it is closed. */
export function startWorker(options: WorkerOptions): QueueWorker {
  const { queue, database } = options;
  const process: Process = async (data, { lastAttempt, signal }) => {
    try {
      await processJob(data, options, signal);
    } catch (thrown) {
      if (thrown instanceof RetryLater) throw thrown;
      // What a run has failed with stays so, even where the worker was told to stop at the same moment.
      if (!isFinal(thrown)) signal.throwIfAborted();
      const error = toRollcallError(thrown);
      // No run may be left open that no job will come back to.
      if ((lastAttempt || isFinal(error)) && 'runId' in data)
        await failOpenRun(database, data.runId, error).catch(() => {});
      throw error;
    }
  };
  const worker = queue.work(process, { concurrency: CONCURRENCY });
  const stopWatching = watchForAbandoned(
    options,
    options.tenants.map(({ tenantId }) => tenantId),
    options.log,
  );
  return {
    async close() {
      stopWatching();
      await worker.close();
    },
  };
}

async function processJob(data: JobData, options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { database, tenants, settings, accessLog, log } = options;
  const { tenantId } = data;
  const tenant = tenants.find((each) => each.tenantId === tenantId);
  if (tenant === undefined) throw leftToOthers(log, data, 'a job of a tenant that this worker does not know');
  if ('schedule' in data) {
    await startScheduled(options, { tenantId, tasks: tasksOf(data.schedule, tasks) });
    return;
  }
  const task = tasks.find(({ name }) => name === data.task);
  if (task === undefined) throw leftToOthers(log, data, 'a job of a task that this worker does not know');
  const run = await findRun(database, data.runId);
  // At least once is what queues promise: the run of a job that came twice has ended.
  if (run === undefined || run.endedAt !== null) return;
  const waitLeft = run.waitingUntil === null ? 0 : Date.parse(run.waitingUntil) - Date.now();
  if (waitLeft > 0) throw new RetryLater(waitLeft, 'Graph asked for a long wait');
  const { graph, filters } = tenant;
  await waitForNeeds(task, options, tenantId);
  await runTask(task, run, { database, graph, filters, settings, accessLog, log, signal });
}

/** Another worker may have other tenants, or a newer version. */
function leftToOthers(log: Logger, data: JobData, what: string): RetryLater {
  log.warn(data, `${what} is left to others`);
  return new RetryLater(UNKNOWN_MS, what);
}

import { RetryLater, toRollcallError, type RollcallError } from '../errors.js';
import type { GraphClient } from '../graph/index.js';
import type { Logger } from '../log.js';
import { failRun, findRun, requestRun, type Database } from '../store/index.js';
import type { JobData, Process, Queue, QueueWorker } from './queue.js';
import { taskNamed } from './registry.js';
import { runTask } from './run-task.js';
import type { Filters } from './task.js';

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
  readonly removalGuardPercent: number;
  readonly log: Logger;
}

/** Each run holds two database connections: its lock and its writes. */
const CONCURRENCY = 4;
const UNKNOWN_TENANT_MS = 60_000;

/** Works the queue until it is closed. */
export function startWorker(options: WorkerOptions): QueueWorker {
  const { queue, database } = options;
  const process: Process = async (data, { lastAttempt, signal }) => {
    try {
      await processRun(data, options, signal);
    } catch (thrown) {
      if (thrown instanceof RetryLater) throw thrown;
      signal.throwIfAborted();
      const error = toRollcallError(thrown);
      if (lastAttempt && error.code === 'database_unreachable') await giveUp(database, data, error);
      throw error;
    }
  };
  return queue.work(process, { concurrency: CONCURRENCY });
}

async function processRun(
  data: JobData,
  { database, tenants, removalGuardPercent, log }: WorkerOptions,
  signal: AbortSignal,
) {
  const { tenantId, runId } = data;
  const task = taskNamed(data.task);
  const tenant = tenants.find((each) => each.tenantId === tenantId);
  if (tenant === undefined) {
    log.warn({ tenantId, task: task.name }, 'a job of a tenant that this worker does not know is left to others');
    throw new RetryLater(UNKNOWN_TENANT_MS, 'no credentials for this tenant here');
  }
  const run =
    runId === undefined ? await requestRun(database, { tenantId, task: task.name }) : await findRun(database, runId);
  // At least once is what queues promise: the run of a job that came twice has ended.
  if (run === undefined || run.endedAt !== null) return;
  const { graph, filters } = tenant;
  await runTask(task, run, { database, graph, filters, removalGuardPercent, log, signal });
}

async function giveUp(database: Database, { runId }: JobData, error: RollcallError): Promise<void> {
  const run = runId === undefined ? undefined : await findRun(database, runId);
  if (run !== undefined) await failRun(database, run, error, run);
}

import { RollcallError } from '../../errors.js';
import { findRun, type Database } from '../../store/index.js';
import type { JobData, Queue, QueuedJob } from '../queue/queue.js';
import { reopen } from '../run/reopen.js';

/** What became of a failed job: it is on the queue again, or it was removed. */
export interface Retried {
  readonly job: QueuedJob;
  readonly again: boolean;
  /** Why it was not retried; null if it was. */
  readonly reason: string | null;
}

/**
 * Puts failed jobs on the queue again and reopens their runs, which resume from their checkpoints. A job whose run cannot be
 * resumed, because a later run has replaced it, is removed.
 * @param tenantId jobs of this tenant, or (null) jobs that are not Rollcall's; all jobs if undefined
 */
export async function retryFailed(
  { queue, database }: { queue: Queue; database: Database },
  tenantId?: string | null,
): Promise<Retried[]> {
  const retried: Retried[] = [];
  for (const job of await queue.jobs(['failed'])) {
    const { data } = job;
    if (tenantId !== undefined && (data?.tenantId ?? null) !== tenantId) continue;
    const reason = data === null ? 'it is not a job of Rollcall' : await prepare(data, database);
    if (data !== null && reason === null) await queue.add(data);
    await queue.remove(job.id);
    retried.push({ job, again: reason === null, reason });
  }
  return retried;
}

/** @returns why the job cannot be retried, or null */
async function prepare(data: JobData, database: Database): Promise<string | null> {
  if (!('runId' in data)) return null;
  const run = await findRun(database, data.runId);
  if (run === undefined) return `run ${data.runId} is not in the database`;
  if (run.endedAt === null) return null;
  try {
    await reopen(run, database);
    return null;
  } catch (error) {
    if (error instanceof RollcallError && error.code === 'not_replayable') return error.message;
    throw error;
  }
}

import { toRollcallError } from '../../errors.js';
import type { Logger } from '../../log.js';
import { isRunLocked, openRuns, type Database, type Run } from '../../store/index.js';
import type { Queue } from '../queue/queue.js';

interface Stores {
  readonly database: Database;
  readonly queue: Queue;
}

/**
 * Puts an open run on the queue again if no worker has it: its worker was killed and the lock of its job has not expired yet,
 * its job was never added because the process was killed first, or the queue has lost its data. Once per attempt, so that
 * runs which only wait for their turn do not collect jobs.
 */
export async function resumeIfAbandoned({ database, queue }: Stores, run: Run): Promise<void> {
  const isWaiting = run.waitingUntil !== null && Date.parse(run.waitingUntil) > Date.now();
  if (isWaiting || (await isRunLocked(database, run))) return;
  const { id: runId, tenantId, task, attempt } = run;
  await queue.add({ tenantId, task, runId }, { once: `${runId}-${attempt}` });
}

/** How soon another worker resumes the run of a killed one. Each look costs one small query, and one more per open run. */
const ABANDONED_POLL_MS = 5000;

/**
 * Looks for abandoned runs of these tenants, immediately and then at intervals.
 * @returns stops it without waiting for a running look, which lasts as long as a store is away
 */
export function watchForAbandoned(stores: Stores, tenantIds: () => readonly string[], log: Logger): () => void {
  let ended = false;
  let looking = false;
  const look = () => {
    if (looking) return;
    looking = true;
    void resumeAbandoned(stores, tenantIds())
      .catch((error: unknown) => {
        if (!ended) log.warn({ code: toRollcallError(error).code }, 'cannot look for abandoned runs');
      })
      .finally(() => {
        looking = false;
      });
  };
  look();
  const timer = setInterval(look, ABANDONED_POLL_MS);
  return () => {
    ended = true;
    clearInterval(timer);
  };
}

async function resumeAbandoned(stores: Stores, tenantIds: readonly string[]): Promise<void> {
  const runs = await openRuns(stores.database);
  for (const run of runs) if (tenantIds.includes(run.tenantId)) await resumeIfAbandoned(stores, run);
}

import { toRollcallError } from '../../errors.js';
import type { Logger } from '../../log.js';
import { isRunLocked, openRuns, type Database, type Run } from '../../store/index.js';
import type { Queue } from '../queue/queue.js';

interface Stores {
  readonly database: Database;
  readonly queue: Queue;
}

/**
 * Puts a run on the queue again that is open but that nobody works on: its worker was killed, and the queue will notice that
 * only when the lock of its job has expired; or its job never came to the queue, because who asked for it was killed before,
 * or the queue has lost its data. It is done once per attempt, so whatever else waits for its turn gathers no more jobs.
 */
export async function resumeIfAbandoned({ database, queue }: Stores, run: Run): Promise<void> {
  const isWaiting = run.waitingUntil !== null && Date.parse(run.waitingUntil) > Date.now();
  if (isWaiting || (await isRunLocked(database, run))) return;
  const { id: runId, tenantId, task, attempt } = run;
  await queue.add({ tenantId, task, runId }, { once: `${runId}-${attempt}` });
}

/** How soon the run of a killed worker is taken up by another. A look costs one small query, and one for each open run. */
const ABANDONED_POLL_MS = 5000;

/**
 * Looks for abandoned runs of these tenants, at once and then now and then.
 * @returns what ends it; nobody waits for a look under way, which may last as long as a store is away
 */
export function watchForAbandoned(stores: Stores, tenantIds: () => readonly string[], log: Logger): () => void {
  let ended = false;
  let looking = false;
  const look = () => {
    if (looking) return;
    looking = true;
    void resumeAbandoned(stores, tenantIds())
      .catch((error: unknown) => {
        if (!ended) log.warn({ code: toRollcallError(error).code }, 'abandoned runs could not be looked for');
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

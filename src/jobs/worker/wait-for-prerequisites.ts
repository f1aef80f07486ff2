import type { Run, Database } from '../../store/index.js';
import { RetryLater } from '../../errors.js';
import type { Task } from '../task.js';
import type { Queue } from '../queue/queue.js';
import { lastRuns } from '../run/prerequisites.js';
import { resumeIfAbandoned } from './abandoned-runs.js';

/** The longer a run takes, the less often it is asked about: a hundred tenants may wait at once. */
const WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const waitFor = ({ startedAt }: Run) =>
  Math.min(LONGEST_WAIT_MS, Math.max(WAIT_MS, (Date.now() - Date.parse(startedAt)) / 20));

/**
 * Waits, by giving the job back, while a task that this one depends on is running.
 * @throws RetryLater
 */
export async function waitForPrerequisites(
  task: Task,
  stores: { readonly database: Database; readonly queue: Queue },
  tenantId: string,
): Promise<void> {
  for (const run of await lastRuns(stores.database, tenantId, task.dependsOn)) {
    if (run.endedAt !== null) continue;
    await resumeIfAbandoned(stores, run);
    throw new RetryLater(waitFor(run), `${task.name} waits for ${run.task}`);
  }
}

import pTimeout from 'p-timeout';
import type { Run } from '../../store/index.js';
import type { Queue } from './queue.js';

/** Cleaning up must not fail or delay a sync if the queue is away. */
const LONGEST_CLEANUP_MS = 2000;

/** Removes the jobs of ended runs: a run may have had two, and the job of a cancelled one has nothing to do. */
export async function forgetEnded(queue: Queue, runs: readonly Run[]): Promise<void> {
  const ended = new Set(runs.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
  const forget = async () => {
    for (const { id, data } of await queue.jobs(['waiting', 'delayed'])) {
      if (data !== null && 'runId' in data && ended.has(data.runId)) await queue.remove(id);
    }
  };
  await pTimeout(
    forget().catch(() => {}),
    { milliseconds: LONGEST_CLEANUP_MS, message: false },
  );
}

import pTimeout from 'p-timeout';
import type { Run } from '../../store/index.js';
import type { Queue } from './queue.js';

/** Tidying up fails no run, and is not waited for if the queue is away. */
const LONGEST_TIDYING_MS = 2000;

/** Takes the jobs of ended runs off the queue: a run may have had two, and a cancelled one has a job that has nothing to do. */
export async function forgetEnded(queue: Queue, runs: readonly Run[]): Promise<void> {
  const ended = new Set(runs.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
  const forget = async () => {
    for (const { id, data } of await queue.jobs(['waiting', 'delayed'])) {
      if (data !== null && 'runId' in data && ended.has(data.runId)) await queue.remove(id);
    }
  };
  await pTimeout(
    forget().catch(() => {}),
    { milliseconds: LONGEST_TIDYING_MS, message: false },
  );
}

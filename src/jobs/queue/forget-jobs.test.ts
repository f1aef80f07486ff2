import type { Run } from '../../store/index.js';
import { forgetEnded } from './forget-jobs.js';
import type { JobData, JobState, Queue, QueuedJob } from './queue.js';

const tenantId = '11111111-1111-4111-8111-111111111111';
const ENDED = '22222222-2222-4222-8222-222222222222';
const OPEN = '33333333-3333-4333-8333-333333333333';
const STRANGE = '44444444-4444-4444-8444-444444444444';

const runs = [
  { id: ENDED, endedAt: '2026-01-01T00:00:00Z' },
  { id: OPEN, endedAt: null },
] as Run[];

const ofRun = (runId: string): JobData => ({ tenantId, task: 'hr-roster', runId });

/** A queue that holds these jobs, and the ids of those that are taken out. */
function queueOf(jobs: readonly [id: string, state: JobState, data: JobData | null][]) {
  const removed: string[] = [];
  const queue: Pick<Queue, 'jobs' | 'remove'> = {
    jobs: (states) =>
      Promise.resolve(
        jobs
          .filter(([, state]) => states.includes(state))
          .map(([id, state, data]) => ({ id, state, data }) as QueuedJob),
      ),
    remove: (id) => Promise.resolve(void removed.push(id)),
  };
  return { queue: queue as Queue, removed };
}

test('only the jobs that wait for runs that have ended are taken off: an open run goes on by its own', async () => {
  const { queue, removed } = queueOf([
    ['ended', 'waiting', ofRun(ENDED)],
    ['ended too', 'delayed', ofRun(ENDED)],
    ['worked on', 'active', ofRun(ENDED)],
    ['failed', 'failed', ofRun(ENDED)],
    ['open', 'waiting', ofRun(OPEN)],
    ['of another run', 'waiting', ofRun(STRANGE)],
    ['of a schedule', 'delayed', { tenantId, schedule: 'nightly' }],
    ['no job of ours', 'waiting', null],
  ]);
  await forgetEnded(queue, runs);
  expect(removed).toEqual(['ended', 'ended too']);
});

test('a queue that is away fails nobody', async () => {
  const queue = { jobs: () => Promise.reject(new Error('gone')) } as unknown as Queue;
  await expect(forgetEnded(queue, runs)).resolves.toBeUndefined();
});

import {
  DelayedError,
  UnrecoverableError,
  withBackend,
  type BackendFactory,
  type IQueueBackend,
  type Job,
} from 'bullmq';
import pTimeout from 'p-timeout';
import { RetryLater, RollcallError, systemCode } from '../../errors.js';
import { seldom, type Logger } from '../../log.js';
import {
  isFinal,
  JOB_STATES,
  toJobData,
  type JobData,
  type JobState,
  type JobHandler,
  type Queue,
  type QueuedJob,
  type Schedule,
} from './queue.js';
import { nextOccasion } from './next-occasion.js';
import { patient } from './patient.js';

const NAME = 'rollcall';

// A run resumes, so a job may come back any number of times after its worker died. Attempts count failures of the
// infrastructure in a row; with this backoff the last one is made after about an hour.
const JOB_OPTIONS = {
  attempts: 20,
  backoff: { type: 'custom' },
  removeOnComplete: { count: 1000 },
  removeOnFail: { count: 1000 },
} as const;
const backoffStrategy = (attemptsMade: number) => Math.min(5 * 60_000, 1000 * 2 ** (attemptsMade - 1));

const repeatStrategy = (after: number, { pattern = '', tz = 'UTC' }: { pattern?: string; tz?: string }) =>
  nextOccasion(pattern, tz, new Date(after)).getTime();

// How soon another worker gets the job of a killed one.
const STALL = { lockDuration: 15_000, stalledInterval: 5000, maxStalledCount: 1_000_000 } as const;

/** The facade over BullMQ, the same for both of its backends. */
export function createQueue<B extends IQueueBackend, C>(
  factory: BackendFactory<B, C>,
  store: { connection: C; prefix?: string },
  log: Logger,
  disconnect: () => Promise<void> | void,
): Queue {
  const ending = new AbortController();
  const classes = withBackend(patient(factory, ending.signal));
  const queue = new classes.Queue<JobData>(NAME, {
    ...store,
    defaultJobOptions: JOB_OPTIONS,
    settings: { repeatStrategy },
  });
  const lost = seldom((fact) => log.warn(fact, 'the queue lost its store'));
  queue.on('error', (error) => lost(systemCode(error) ?? error.message));
  const scheduleIds = async () => (await queue.getJobSchedulers()).map(({ key }) => key);

  async function setSchedule({ id, pattern, timeZone, data }: Schedule): Promise<void> {
    const isSet = async () => {
      const found = await queue.getJobScheduler(id);
      return found?.pattern === pattern && found.tz === timeZone;
    };
    // Setting it again would skip an overdue occasion.
    if (await isSet()) return;
    const template = { name: nameOf(data), data, opts: JOB_OPTIONS };
    try {
      await queue.upsertJobScheduler(id, { pattern, tz: timeZone }, template);
    } catch (error) {
      // On Postgres, only one of several processes that set the same schedule at once succeeds, which is enough.
      if (!(await isSet())) throw error;
    }
  }

  return {
    schedules: scheduleIds,
    async add(data, { once } = {}) {
      await queue.add(nameOf(data), data, once === undefined ? {} : { jobId: once, removeOnComplete: true });
    },
    work(handler, { concurrency }) {
      const stop = new AbortController();
      const worker = new classes.Worker<JobData>(NAME, (job, token) => deliver(handler, job, token, stop.signal), {
        ...store,
        concurrency,
        ...STALL,
        settings: { backoffStrategy, repeatStrategy },
      });
      const lostQueue = seldom((fact) => log.warn(fact, 'the worker lost its queue'));
      worker.on('error', (error) => lostQueue(systemCode(error) ?? error.message));
      return {
        async close() {
          stop.abort(new RetryLater(0, 'the worker was told to stop'));
          ending.abort();
          await orGiveUp(worker.close(), () => worker.close(true));
        },
      };
    },
    async setSchedules(tenantId, schedules) {
      for (const schedule of schedules) await setSchedule(schedule);
      const wanted = new Set(schedules.map(({ id }) => id));
      for (const key of await scheduleIds()) {
        if (key.startsWith(`${tenantId} `) && !wanted.has(key)) await queue.removeJobScheduler(key);
      }
    },
    async jobs(states) {
      const found = await Promise.all(
        states.map(async (state) => (await queue.getJobs([state])).map((job) => toQueuedJob(job, state))),
      );
      return found.flat().sort((a, b) => b.addedAt.getTime() - a.addedAt.getTime());
    },
    async remove(jobId) {
      await queue.remove(jobId);
    },
    async removeOf(tenantId) {
      let left = 0;
      for (const job of await queue.getJobs([...JOB_STATES, 'completed'])) {
        if (toJobData(job.data)?.tenantId !== tenantId) continue;
        // Fails while the job is active, or if it has just ended.
        await queue.remove(job.id ?? '').catch(() => {});
        if ((await queue.getJob(job.id ?? '')) !== undefined) left += 1;
      }
      return left;
    },
    async close() {
      await orGiveUp(queue.close(), () => queue.disconnect());
      await pTimeout(Promise.resolve(disconnect()), { milliseconds: LONGEST_CLOSE_MS, message: false });
    },
  };
}

const nameOf = (data: JobData) => ('task' in data ? data.task : data.schedule);

function toQueuedJob(job: Job<JobData>, state: JobState): QueuedJob {
  const { id = '', timestamp, delay, attemptsMade, failedReason } = job;
  const dueAt = state === 'delayed' ? new Date(timestamp + delay) : null;
  return {
    id,
    state,
    data: toJobData(job.data),
    addedAt: new Date(timestamp),
    dueAt,
    attempts: attemptsMade,
    error: failedReason ?? null,
  };
}

async function deliver(
  handler: JobHandler,
  job: Job<JobData>,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const lastAttempt = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  const data = toJobData(job.data);
  if (data === null) throw new UnrecoverableError('it is not a job of Rollcall');
  try {
    await handler(data, { lastAttempt, signal });
  } catch (error) {
    const later = signal.aborted && !isFinal(error) ? new RetryLater(0, 'the worker was told to stop') : error;
    if (later instanceof RetryLater) {
      // Rounded, because on Postgres a fraction of a millisecond fails the job.
      await job.moveToDelayed(Math.ceil(Date.now() + later.delayMs), token);
      throw new DelayedError();
    }
    throw error instanceof RollcallError && isFinal(error)
      ? new UnrecoverableError(`${error.code}: ${error.message}`)
      : error;
  }
}

/** Closing never ends while the store is away, so the process gives up after a while. */
const LONGEST_CLOSE_MS = 7000;

async function orGiveUp(closing: Promise<void>, giveUp: () => Promise<void>): Promise<void> {
  const fallback = () => pTimeout(giveUp(), { milliseconds: 500, message: false });
  await pTimeout(closing, { milliseconds: LONGEST_CLOSE_MS, fallback });
}

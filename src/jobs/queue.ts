import {
  createPostgresBackend,
  createRedisBackend,
  DelayedError,
  runMigrations,
  UnrecoverableError,
  withBackend,
} from 'bullmq';
import type { BackendFactory, IQueueBackend, Job } from 'bullmq';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { RetryLater, RollcallError, systemCode } from '../errors.js';
import type { Logger } from '../log.js';

/** Ids only: what is to be done stands in `runs`. */
export interface JobData {
  readonly tenantId: string;
  readonly task: string;
  /** Absent in jobs of the schedule: those go on with the open run, or open one. */
  readonly runId?: string;
}

/**
 * @throws RetryLater to have the job again later, at no cost
 * @throws RollcallError `database_unreachable` costs an attempt; any other is final
 */
export type Process = (
  data: JobData,
  job: { readonly lastAttempt: boolean; readonly signal: AbortSignal },
) => Promise<void>;

export interface Schedule {
  /** Stable: the same id replaces the schedule that had it. */
  readonly id: string;
  readonly pattern: string;
  readonly timeZone: string;
  readonly data: JobData;
}

export interface QueueWorker {
  /** Takes no more jobs, aborts those under way, and waits until they have given themselves back. */
  close(): Promise<void>;
}

/** The job queue, on Redis or in Postgres: the same behaviour on both. */
export interface Queue {
  add(data: JobData): Promise<void>;
  work(process: Process, options: { readonly concurrency: number }): QueueWorker;
  /** Makes the schedules of a tenant exactly these. */
  setSchedules(tenantId: string, schedules: readonly Schedule[]): Promise<void>;
  /** The ids of all schedules. */
  schedules(): Promise<string[]>;
  close(): Promise<void>;
}

const NAME = 'rollcall';
const SCHEMA = 'bullmq';

// A run is idempotent and resumes, so a job that dies may come back as often as it likes; what bounds it is the number of
// failures of the infrastructure in a row. With this backoff the last attempt is made after about an hour.
const JOB_OPTIONS = {
  attempts: 20,
  backoff: { type: 'custom' },
  removeOnComplete: { count: 1000 },
  removeOnFail: { count: 1000 },
} as const;
const backoffStrategy = (attemptsMade: number) => Math.min(5 * 60_000, 1000 * 2 ** (attemptsMade - 1));

// How soon the job of a killed worker is taken up by another.
const STALL = { lockDuration: 15_000, stalledInterval: 5000, maxStalledCount: 1_000_000 } as const;

export interface QueueOptions {
  readonly redisUrl: string | undefined;
  /** The database that holds the queue where there is no Redis. */
  readonly databaseUrl: string;
  /** Keeps the jobs of two databases apart that share a Redis. */
  readonly installationId: string;
  readonly log: Logger;
}

/**
 * Connects to the queue's store and proves that it answers.
 * @throws RollcallError `queue_unreachable`
 */
export async function openQueue({ redisUrl, databaseUrl, installationId, log }: QueueOptions): Promise<Queue> {
  if (redisUrl === undefined) {
    const connection = {
      connectionString: databaseUrl,
      schema: SCHEMA,
      keepAlive: true,
      application_name: 'rollcall queue',
    };
    return createQueue(createPostgresBackend, { connection }, log, () => Promise.resolve());
  }
  const redis = await connectRedis(redisUrl, log);
  return createQueue(createRedisBackend, { connection: redis, prefix: `rollcall:${installationId}` }, log, async () => {
    await redis.quit();
  });
}

/** Brings BullMQ's own tables up to its version; only where the queue lives in Postgres. */
export async function migrateQueue(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

async function connectRedis(url: string, log: Logger): Promise<Redis> {
  // BullMQ's workers wait in blocking commands, which must never be given up: hence null.
  const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  redis.on('error', (error) => log.warn({ code: systemCode(error) ?? error.message }, 'the connection to Redis broke'));
  try {
    await redis.connect();
    await redis.ping();
    return redis;
  } catch (cause) {
    redis.disconnect();
    throw new RollcallError(
      'queue_unreachable',
      `No Redis at ${new URL(url).host}: ${systemCode(cause) ?? (cause instanceof Error ? cause.message : 'no answer')}`,
      'Check REDIS_URL and that Redis is running, or unset REDIS_URL to keep the queue in Postgres.',
      { cause },
    );
  }
}

function createQueue<B extends IQueueBackend, C>(
  factory: BackendFactory<B, C>,
  store: { connection: C; prefix?: string },
  log: Logger,
  disconnect: () => Promise<void>,
): Queue {
  const classes = withBackend(factory);
  const queue = new classes.Queue<JobData>(NAME, { ...store, defaultJobOptions: JOB_OPTIONS });
  queue.on('error', (error) => log.warn({ code: systemCode(error) ?? error.message }, 'the queue lost its store'));
  const scheduleIds = async () => (await queue.getJobSchedulers()).map(({ key }) => key);
  return {
    schedules: scheduleIds,
    async add(data) {
      await queue.add(data.task, data);
    },
    work(process, { concurrency }) {
      const stop = new AbortController();
      const worker = new classes.Worker<JobData>(NAME, (job, token) => processJob(process, job, token, stop.signal), {
        ...store,
        concurrency,
        ...STALL,
        settings: { backoffStrategy },
      });
      worker.on('error', (error) =>
        log.warn({ code: systemCode(error) ?? error.message }, 'the worker lost its queue'),
      );
      return {
        async close() {
          stop.abort(new RetryLater(0, 'the worker was told to stop'));
          await worker.close();
        },
      };
    },
    async setSchedules(tenantId, schedules) {
      for (const { id, pattern, timeZone, data } of schedules) {
        try {
          await queue.upsertJobScheduler(id, { pattern, tz: timeZone }, { name: data.task, data, opts: JOB_OPTIONS });
        } catch (error) {
          // On Postgres, of several that set the same schedule at once all but one are refused; it is set all the same.
          if ((await queue.getJobScheduler(id))?.pattern !== pattern) throw error;
        }
      }
      const wanted = new Set(schedules.map(({ id }) => id));
      for (const key of await scheduleIds()) {
        if (key.startsWith(`${tenantId} `) && !wanted.has(key)) await queue.removeJobScheduler(key);
      }
    },
    async close() {
      await queue.close();
      await disconnect();
    },
  };
}

async function processJob(
  process: Process,
  job: Job<JobData>,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const lastAttempt = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  try {
    await process(job.data, { lastAttempt, signal });
  } catch (error) {
    const later = signal.aborted ? new RetryLater(0, 'the worker was told to stop') : error;
    if (later instanceof RetryLater) {
      await job.moveToDelayed(Date.now() + later.delayMs, token);
      throw new DelayedError();
    }
    // What a run failed with is final: only the infrastructure is worth another attempt.
    const final = error instanceof RollcallError && error.code !== 'database_unreachable';
    throw final ? new UnrecoverableError(`${error.code}: ${error.message}`) : error;
  }
}

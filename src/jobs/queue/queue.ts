import { z } from 'zod';
import { RollcallError } from '../../errors.js';
import { SCHEDULES, type ScheduleName } from '../task.js';

/** Ids and names only: what is to be done stands in `runs`. */
export type JobData = RunJob | ScheduleJob;

export interface RunJob {
  readonly tenantId: string;
  readonly task: string;
  readonly runId: string;
}

/** Opens the runs of a schedule. */
export interface ScheduleJob {
  readonly tenantId: string;
  readonly schedule: ScheduleName;
}

const id = z.guid();
const jobData = z.union([
  z.looseObject({ tenantId: id, task: z.string().min(1), runId: id }),
  z.looseObject({ tenantId: id, schedule: z.enum(SCHEDULES) }),
]);

/** What a job says, or null if it is none of ours: whoever may write to the store may put anything there. */
export const toJobData = (data: unknown): JobData | null => jobData.safeParse(data).data ?? null;

/**
 * @throws RetryLater to have the job again later, at no cost
 * @throws RollcallError `database_unreachable` costs an attempt; any other is final
 */
export type JobHandler = (
  data: JobData,
  job: { readonly lastAttempt: boolean; readonly signal: AbortSignal },
) => Promise<void>;

/** Whether a job that failed so is not worth another attempt: only the infrastructure is. */
export const isFinal = (thrown: unknown): boolean =>
  thrown instanceof RollcallError && thrown.code !== 'database_unreachable';

export interface Schedule {
  /** Stable: the same id replaces the schedule that had it. */
  readonly id: string;
  readonly pattern: string;
  readonly timeZone: string;
  readonly data: ScheduleJob;
}

export interface QueueWorker {
  /** Takes no more jobs, aborts those under way, and waits until they have given themselves back. */
  close(): Promise<void>;
}

export const JOB_STATES = ['active', 'waiting', 'delayed', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A job as the queue has it. */
export interface QueuedJob {
  readonly id: string;
  readonly state: JobState;
  /** Null: it is none of ours. */
  readonly data: JobData | null;
  readonly addedAt: Date;
  /** When it is due, if it is delayed. */
  readonly dueAt: Date | null;
  readonly attempts: number;
  /** Why it failed, if it has. */
  readonly error: string | null;
}

/** The job queue, on Redis or in Postgres: the same behaviour on both. */
export interface Queue {
  /** @param once a name that no two jobs have at a time: where one waits, is worked or has failed under it, nothing is added */
  add(data: JobData, options?: { readonly once?: string }): Promise<void>;
  work(handler: JobHandler, options: { readonly concurrency: number }): QueueWorker;
  /** Makes the schedules of a tenant exactly these. One that is there already keeps its next occasion. */
  setSchedules(tenantId: string, schedules: readonly Schedule[]): Promise<void>;
  /** The jobs in these states, the newest first. */
  jobs(states: readonly JobState[]): Promise<QueuedJob[]>;
  /** Takes a job out that nobody works on. */
  remove(jobId: string): Promise<void>;
  /**
   * Takes out every job of a tenant that nobody works on, done ones included.
   * @returns how many are left, because somebody works on them
   */
  removeOf(tenantId: string): Promise<number>;
  /** The ids of all schedules. */
  schedules(): Promise<string[]>;
  close(): Promise<void>;
}

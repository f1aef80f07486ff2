import { z } from 'zod';
import { RollcallError } from '../../errors.js';
import { SCHEDULES, type ScheduleName } from '../../settings/schedules.js';

/** Ids and names only: the table `runs` says what to do. */
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
  z.looseObject({ tenantId: id, schedule: z.enum(SCHEDULES.map(({ name }) => name)) }),
]);

/** Null if it is not a job of ours: other programs may write to the same store. */
export const toJobData = (data: unknown): JobData | null => jobData.safeParse(data).data ?? null;

/**
 * @throws RetryLater to get the job again later; costs no attempt
 * @throws RollcallError `database_unreachable` costs an attempt; any other is final
 */
export type JobHandler = (
  data: JobData,
  job: { readonly lastAttempt: boolean; readonly signal: AbortSignal },
) => Promise<void>;

/** Only failures of the infrastructure are worth another attempt. */
export const isFinal = (thrown: unknown): boolean =>
  thrown instanceof RollcallError && thrown.code !== 'database_unreachable';

export interface Schedule {
  /** Setting a schedule replaces the one with the same id. */
  readonly id: string;
  readonly pattern: string;
  readonly timeZone: string;
  readonly data: ScheduleJob;
}

export interface QueueWorker {
  /** Takes no more jobs, aborts the running ones, and waits until they are back on the queue. */
  close(): Promise<void>;
}

export const JOB_STATES = ['active', 'waiting', 'delayed', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A job as the queue has it. */
export interface QueuedJob {
  readonly id: string;
  readonly state: JobState;
  /** Null if it is not a job of ours. */
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
  /** @param once deduplication id: ignored while a job with this id is waiting, active or failed */
  add(data: JobData, options?: { readonly once?: string }): Promise<void>;
  work(handler: JobHandler, options: { readonly concurrency: number }): QueueWorker;
  /** Sets exactly these schedules for a tenant. One that has not changed keeps its next occasion. */
  setSchedules(tenantId: string, schedules: readonly Schedule[]): Promise<void>;
  /** The jobs in these states, the newest first. */
  jobs(states: readonly JobState[]): Promise<QueuedJob[]>;
  /** Removes a job that is not active. */
  remove(jobId: string): Promise<void>;
  /**
   * Removes every job of a tenant that is not active, ended ones included.
   * @returns how many are left, because they are active
   */
  removeOf(tenantId: string): Promise<number>;
  /** The ids of all schedules. */
  schedules(): Promise<string[]>;
  close(): Promise<void>;
}

import type { Config } from '../../settings/config.js';
import { SCHEDULES, type ScheduleName } from '../../settings/schedules.js';
import { latestRuns, requestRun, type Database } from '../../store/index.js';
import { nextOccasion } from '../queue/next-occasion.js';
import type { Queue, Schedule } from '../queue/queue.js';
import type { Task } from '../task.js';

type ScheduleSettings = Config['schedule'];

/** The schedules of a tenant that are on and have tasks. */
export function schedulesOf(tenantId: string, tasks: readonly Task[], settings: ScheduleSettings): Schedule[] {
  return SCHEDULES.map(({ name }) => name)
    .filter((name) => settings[name] !== 'off' && tasksOf(name, tasks).length > 0)
    .map((schedule) => ({
      id: `${tenantId} ${schedule}`,
      pattern: settings[schedule],
      timeZone: settings.timeZone,
      data: { tenantId, schedule },
    }));
}

export const tasksOf = (schedule: ScheduleName, tasks: readonly Task[]): Task[] =>
  tasks.filter((task) => task.schedules.includes(schedule));

/**
 * Opens a run of every task of a schedule and puts it on the queue. A task that is still running is not started again; one
 * that depends on others waits for them by itself.
 */
export async function startScheduled(
  { database, queue }: { database: Database; queue: Queue },
  { tenantId, tasks }: { tenantId: string; tasks: readonly Task[] },
): Promise<void> {
  for (const { name: task } of tasks) {
    const run = await requestRun(database, { tenantId, task });
    await queue.add({ tenantId, task, runId: run.id });
  }
}

/**
 * The schedules that missed an occasion, because no worker was running or there has never been a run. One run makes up for any
 * number of missed occasions.
 */
export async function missedSchedules(
  database: Database,
  {
    schedules,
    tasks,
    tenantId,
    now = new Date(),
  }: { schedules: readonly Schedule[]; tasks: readonly Task[]; tenantId?: string; now?: Date },
): Promise<Schedule[]> {
  const latest = await latestRuns(database, tenantId);
  return schedules.filter(({ pattern, timeZone, data: { tenantId, schedule } }) => {
    return tasksOf(schedule, tasks).some(({ name }) => {
      const run = latest.find((each) => each.tenantId === tenantId && each.task === name);
      return run === undefined || nextOccasion(pattern, timeZone, new Date(run.startedAt)) <= now;
    });
  });
}

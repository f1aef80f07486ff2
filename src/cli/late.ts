import { nextOccasion } from '../jobs/queue/next-occasion.js';
import { tasks } from '../jobs/registry.js';
import type { ConfiguredTenant } from '../jobs/worker/served-tenants.js';
import { SCHEDULES } from '../settings/schedules.js';
import type { Run } from '../store/index.js';
import type { Advice } from './advice.js';

/** How long a scheduled run may take to begin and to end before its absence is reported. */
const GRACE_MS = 2 * 60 * 60 * 1000;

type Scheduled = Pick<ConfiguredTenant, 'name' | 'enabled' | 'schedule'>;

/**
 * What to say of a complete run that its tenant's schedule should have followed with another; undefined if none is due,
 * or if the tenant is disabled.
 */
export function adviceOnLate(run: Run, tenant: Scheduled, now = new Date()): Advice | undefined {
  if (run.outcome !== 'complete' || !tenant.enabled) return undefined;
  const due = dueAfter(run, tenant.schedule);
  if (due === undefined || due.getTime() + GRACE_MS > now.getTime()) return undefined;
  return {
    says: [
      `This is old: no run since, although one was due at ${due.toISOString()}. Is a worker running, and can it log in?`,
    ],
    commands: [{ when: 'To run it now', command: `rollcall sync ${run.task} --tenant ${JSON.stringify(tenant.name)}` }],
  };
}

/** When the first run after this one was due; undefined if its task is not scheduled. */
function dueAfter({ task, startedAt }: Run, schedule: Scheduled['schedule']): Date | undefined {
  const scheduled = tasks.find(({ name }) => name === task)?.schedules ?? [];
  const occasions = SCHEDULES.filter(({ name }) => scheduled.includes(name) && schedule[name] !== 'off').map(
    ({ name }) => nextOccasion(schedule[name], schedule.timeZone, new Date(startedAt)),
  );
  return occasions.toSorted((a, b) => a.getTime() - b.getTime())[0];
}

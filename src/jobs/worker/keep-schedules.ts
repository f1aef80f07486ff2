import { toRollcallError } from '../../errors.js';
import type { Logger } from '../../log.js';
import type { Database } from '../../store/index.js';
import type { Queue } from '../queue/queue.js';
import type { Task } from '../task.js';
import { missedSchedules, schedulesOf } from './schedule.js';
import type { ConfiguredTenant, ServedTenants } from './served-tenants.js';

export interface KeepSchedulesOptions {
  readonly tenants: Pick<ServedTenants, 'whyNotServed'> & {
    /** The settings of those that are served. */
    served(): readonly ConfiguredTenant[];
  };
  readonly queue: Queue;
  readonly database: Database;
  readonly tasks: readonly Task[];
  readonly log: Logger;
}

/** Costs nothing if nothing has changed. */
const TENANTS_POLL_MS = 1000;
/** A queue that loses its data loses its schedules too, so they are set again at this interval. */
const SET_AGAIN_MS = 60_000;

/**
 * Keeps the schedules on the queue equal to those of the served tenants, and removes those of disabled and removed tenants. If
 * an occasion was missed while no worker served the tenant, one run makes up for it.
 * @returns stops it after the current look
 */
export async function keepSchedules(options: KeepSchedulesOptions): Promise<() => Promise<void>> {
  const { tenants, queue, log } = options;
  const kept = new Map<string, { readonly schedule: string; readonly at: number }>();
  let looking = look();

  async function look(): Promise<void> {
    const served = tenants.served();
    for (const each of served) await keep(each);
    for (const tenantId of kept.keys()) {
      if (served.some((each) => each.tenantId === tenantId)) continue;
      kept.delete(tenantId);
      const why = tenants.whyNotServed(tenantId);
      // The schedule of an unreachable tenant stays: another worker may be able to log in.
      if (why === 'disabled' || why === undefined) await queue.setSchedules(tenantId, []);
    }
  }

  async function keep(tenant: ConfiguredTenant): Promise<void> {
    const { tenantId } = tenant;
    const before = kept.get(tenantId);
    const schedule = JSON.stringify(tenant.schedule);
    if (before?.schedule === schedule && Date.now() - before.at < SET_AGAIN_MS) return;
    const schedules = schedulesOf(tenantId, options.tasks, tenant.schedule);
    await queue.setSchedules(tenantId, schedules);
    kept.set(tenantId, { schedule, at: Date.now() });
    if (before !== undefined) return;
    const patterns = Object.fromEntries(schedules.map(({ data, pattern }) => [data.schedule, pattern]));
    log.info({ tenantId, tenant: tenant.name, ...patterns, timeZone: tenant.schedule.timeZone }, 'schedule kept');
    for (const missed of await missedSchedules(options.database, { ...options, schedules, tenantId })) {
      const { schedule } = missed.data;
      log.info({ tenantId, tenant: tenant.name, schedule }, 'the last occasion was missed: running now');
      await queue.add(missed.data);
    }
  }

  const again = () =>
    look().catch((error: unknown) => {
      log.warn({ code: toRollcallError(error).code }, 'cannot update the schedules');
    });
  // A failure of the first look means that the queue does not work: the worker must not start.
  await looking;
  const timer = setInterval(() => {
    looking = looking.then(again);
  }, TENANTS_POLL_MS);
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

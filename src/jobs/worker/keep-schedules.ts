import { toRollcallError } from '../../errors.js';
import type { Logger } from '../../log.js';
import type { Database } from '../../store/index.js';
import type { Queue } from '../queue/queue.js';
import type { Task } from '../task.js';
import { missedSchedules, schedulesOf } from './schedule.js';
import type { ConfiguredTenant, ServedTenants } from './served-tenants.js';

export interface KeepSchedulesOptions {
  readonly tenants: Pick<ServedTenants, 'whyNotServed'> & {
    /** What is written of those that are served. */
    described(): readonly ConfiguredTenant[];
  };
  readonly queue: Queue;
  readonly database: Database;
  readonly tasks: readonly Task[];
  readonly log: Logger;
}

/** A look costs nothing where nothing has changed. */
const TENANTS_POLL_MS = 1000;
/** A queue that loses its data loses its schedules as well: they are set again so often. */
const SET_AGAIN_MS = 60_000;

/**
 * Makes the schedules on the queue those of the tenants that are served, as they come and change, and takes those of a tenant off
 * that was disabled or removed. An occasion that was missed while nobody served a tenant is made up for, once.
 * @returns what ends it, once a look under way has ended
 */
export async function keepSchedules(options: KeepSchedulesOptions): Promise<() => Promise<void>> {
  const { tenants, queue, log } = options;
  const kept = new Map<string, { readonly schedule: string; readonly at: number }>();
  let looking = look();

  async function look(): Promise<void> {
    const served = tenants.described();
    for (const each of served) await keep(each);
    for (const tenantId of kept.keys()) {
      if (served.some((each) => each.tenantId === tenantId)) continue;
      kept.delete(tenantId);
      const why = tenants.whyNotServed(tenantId);
      // While nobody can log in its schedule stays: another worker may be able to.
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
      log.info({ tenantId, tenant: tenant.name, schedule }, 'the last occasion was missed: made up for now');
      await queue.add(missed.data);
    }
  }

  const again = () =>
    look().catch((error: unknown) => {
      log.warn({ code: toRollcallError(error).code }, 'the schedules could not be looked after');
    });
  // What fails at first is wrong with the queue, and nothing should start on it.
  await looking;
  const timer = setInterval(() => {
    looking = looking.then(again);
  }, TENANTS_POLL_MS);
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

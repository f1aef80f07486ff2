import { Command } from 'commander';
import { toRollcallError } from '../errors.js';
import { readSettings, using, type CliContext } from './context.js';

const KEEP_SCHEDULES_MS = 60_000;

export function workerCommand(context: CliContext): Command {
  return new Command('worker')
    .description('work the queue and keep the schedule until told to stop (SIGTERM; a second one ends at once)')
    .action(async () => {
      const { config, log } = readSettings(context, { needsTenant: true, quiet: false });
      const { openWorkingApp } = await import('../app.js');
      const { startWorker } = await import('../jobs/worker.js');
      const { missedSchedules, schedulesOf } = await import('../jobs/schedule.js');
      const { tasks } = await import('../jobs/registry.js');
      await using(openWorkingApp(config, log), async (app) => {
        const { tenant, queue, databaseLocation } = app;
        const schedules = schedulesOf(tenant.tenantId, tasks, config.schedule);
        await queue.setSchedules(tenant.tenantId, schedules);
        // A queue that loses its data loses its schedules as well.
        const keeping = setInterval(() => {
          queue.setSchedules(tenant.tenantId, schedules).catch((error: unknown) => {
            log.warn({ code: toRollcallError(error).code }, 'the schedules could not be looked after');
          });
        }, KEEP_SCHEDULES_MS);
        const worker = startWorker({ ...app, tenants: [tenant], settings: config });
        for (const missed of await missedSchedules(app.database, { schedules, tasks })) {
          log.info({ schedule: missed.data.schedule }, 'the last occasion was missed: made up for now');
          await queue.add(missed.data);
        }
        const schedule = Object.fromEntries(schedules.map(({ data, pattern }) => [data.schedule, pattern]));
        log.info({ database: databaseLocation, schedule, timeZone: config.schedule.timeZone }, 'worker started');
        await aborted(context.signal);
        log.info('worker stopping: work under way keeps its checkpoint');
        clearInterval(keeping);
        await worker.close();
      });
      log.info('worker stopped');
    });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import { Command } from 'commander';
import { readSettings, using, type CliContext } from './context.js';

export function workerCommand(context: CliContext): Command {
  return new Command('worker')
    .description('work the queue and keep the schedule until told to stop (SIGTERM; a second one ends at once)')
    .action(async () => {
      const { config, log } = readSettings(context, { needsTenant: true, quiet: false });
      const { openWorkingApp } = await import('../app.js');
      const { startWorker } = await import('../jobs/worker.js');
      const { schedulesOf } = await import('../jobs/schedule.js');
      const { tasks } = await import('../jobs/registry.js');
      await using(openWorkingApp(config, log), async (app) => {
        const { tenant, queue, databaseLocation } = app;
        const schedules = schedulesOf(tenant.tenantId, tasks, config.schedule);
        await queue.setSchedules(tenant.tenantId, schedules);
        const worker = startWorker({ ...app, tenants: [tenant], removalGuardPercent: config.removalGuardPercent });
        const schedule = Object.fromEntries(schedules.map(({ data, pattern }) => [data.task, pattern]));
        log.info({ database: databaseLocation, schedule, timeZone: config.schedule.timeZone }, 'worker started');
        await aborted(context.signal);
        log.info('worker stopping: work under way keeps its checkpoint');
        await worker.close();
      });
      log.info('worker stopped');
    });
}

/** Waits for the signal, and keeps the process alive meanwhile. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => {}, 60_000);
    const end = () => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

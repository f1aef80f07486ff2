import { Command } from 'commander';
import { readSettings, using, type CliContext } from './context.js';
import { tenantOption } from './flags.js';

export function workerCommand(context: CliContext): Command {
  return new Command('worker')
    .description('work the queue and keep the schedule until told to stop (SIGTERM; a second one ends at once)')
    .addOption(tenantOption())
    .action(async (flags: { tenant?: string }) => {
      const { config, log } = readSettings(context, { needsTenant: false, quiet: false });
      const { openWorkingApp } = await import('../app.js');
      const { startWorker } = await import('../jobs/worker.js');
      const { keepSchedules } = await import('../jobs/keep-schedules.js');
      const { tasks } = await import('../jobs/registry.js');
      await using(
        openWorkingApp(config, log, { only: flags.tenant, eager: true, signal: context.signal }),
        async (app) => {
          const worker = startWorker({ ...app, settings: config });
          const stopKeeping = await keepSchedules({ ...app, tasks }).catch(async (error: unknown) => {
            await worker.close();
            throw error;
          });
          log.info({ database: app.databaseLocation, tenants: app.tenantIds.length }, 'worker started');
          await aborted(context.signal);
          log.info('worker stopping: work under way keeps its checkpoint');
          await Promise.all([stopKeeping(), worker.close()]);
        },
      );
      log.info('worker stopped');
    });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import { Command } from 'commander';
import { readSettings, using, type CliContext } from '../context.js';
import { tenantOption } from '../flags.js';
import { waitForStores } from '../wait-for-stores.js';

export function workerCommand(context: CliContext): Command {
  return new Command('worker')
    .description('work the queue and keep the schedule until told to stop (SIGTERM; a second one ends at once)')
    .addOption(tenantOption())
    .option('--check', 'only say whether a worker works here, on this database: exit code 0 if it does, else 1')
    .action(async (flags: { tenant?: string; check?: true }) => {
      if (flags.check === true) return check(context);
      const { config, log } = readSettings(context, { quiet: false });
      const { openWorkingApp } = await import('../../app.js');
      const { startWorker } = await import('../../jobs/worker/worker.js');
      const { keepAlive } = await import('../../jobs/worker/heartbeat.js');
      const { keepSchedules } = await import('../../jobs/worker/keep-schedules.js');
      const { tasks } = await import('../../jobs/registry.js');
      const open = () => openWorkingApp(config, log, { only: flags.tenant, eager: true, signal: context.signal });
      const opened = await waitForStores(open, log, context.signal);
      if (opened === undefined) return;
      await using(Promise.resolve(opened), async (app) => {
        const worker = startWorker({ ...app, settings: config });
        const stopKeeping = await keepSchedules({ ...app, tasks }).catch(async (error: unknown) => {
          await worker.close();
          throw error;
        });
        const stopBeating = keepAlive(
          config,
          () => Promise.all([app.database.pool.query('select 1'), app.queue.schedules()]),
          log,
        );
        log.info({ database: app.databaseLocation, tenants: app.tenantIds.length }, 'worker started');
        await aborted(context.signal);
        log.info('worker stopping: work under way keeps its checkpoint');
        await Promise.all([stopKeeping(), worker.close(), stopBeating()]);
      });
      log.info('worker stopped');
    });
}

/** For the health check of a container or a supervisor. */
async function check(context: CliContext): Promise<void> {
  const { config } = readSettings(context, { quiet: true });
  const { isAlive } = await import('../../jobs/worker/heartbeat.js');
  if (await isAlive(config)) {
    context.out.write('The worker works: its database and its queue have answered within the last minute.\n');
    return;
  }
  context.out.write('No worker works here: there is none, or its database or its queue does not answer.\n');
  context.setExitCode(1);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import type { CliContext } from '../context.js';
import { waitForStores } from '../wait-for-stores.js';
import { openWorkingApp } from '../../app.js';
import { startWorker } from '../../jobs/worker/worker.js';
import { keepAlive, isAlive } from '../../jobs/worker/heartbeat.js';
import { keepSchedules } from '../../jobs/worker/keep-schedules.js';
import { tasks } from '../../jobs/registry.js';
import { readSettings, using } from '../with-app.js';

export async function execute(context: CliContext, flags: { tenant?: string; check?: true }): Promise<void> {
  if (flags.check === true) return check(context);
  const { config, log } = readSettings(context, { quiet: false });
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
    log.info('worker stopping: running jobs keep their checkpoints');
    await Promise.all([stopKeeping(), worker.close(), stopBeating()]);
  });
  log.info('worker stopped');
}

/** For the health check of a container or a supervisor. */
async function check(context: CliContext): Promise<void> {
  const { config } = readSettings(context);
  if (await isAlive(config)) {
    context.out.write('The worker is running: its database and its queue have answered within the last minute.\n');
    return;
  }
  context.out.write('No worker is running here, or its database or its queue does not answer.\n');
  context.setExitCode(1);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

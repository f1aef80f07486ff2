// One task within this process, by a client whose budget is scaled down: so that it binds, and not the machine.
import { pino } from 'pino';
import { migrateQueue, openQueue } from '../../dist/jobs/queue/open.js';
import { tasks } from '../../dist/jobs/registry.js';
import { fixedTenants } from '../../dist/jobs/worker/served-tenants.js';
import { sync } from '../../dist/jobs/worker/sync.js';
import { createAccessLog, createPostgresBudgets, installationId, openDatabase } from '../../dist/store/index.js';
import { scaledClient } from './scaled-client.mjs';

const log = pino({ level: 'silent' });
const SETTINGS = { removalGuardPercent: 10, signInRetentionDays: 90, fullReadEveryDays: 7 };

/** @returns the run as it ended, and every exchange with Graph: when it was sent, and its status */
export async function syncHere(task, settings, databaseUrl, limits) {
  const database = await openDatabase({ url: databaseUrl, log });
  await migrateQueue(database.pool);
  const queue = await openQueue({ databaseUrl, installationId: await installationId(database), log });
  const accessLog = createAccessLog({ asker: 'worker', retentionDays: 7, log });
  const exchanges = [];
  const tenantId = settings.AZURE_TENANT_ID;
  const budgets = createPostgresBudgets(database);
  const graph = await scaledClient(settings, { limits, budgets, application: tenantId });
  try {
    const [run] = await sync({
      queue,
      database,
      accessLog: { ...accessLog, for: () => (exchange) => exchanges.push(exchange) },
      log,
      tenants: fixedTenants([
        { tenantId, graph, filters: { includeGuests: false, includeAgents: false, domainNames: [] } },
      ]),
      tenantIds: [tenantId],
      tasks: tasks.filter(({ name }) => name === task),
      full: false,
      settings: SETTINGS,
      signal: new AbortController().signal,
      onProgress() {},
    });
    return { run, exchanges };
  } finally {
    await queue.close();
    await graph.close();
    await budgets.close();
    await database.close();
  }
}

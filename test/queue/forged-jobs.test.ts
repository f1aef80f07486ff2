import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { JobData } from '../../src/jobs/queue/queue.js';
import { fixedTenants } from '../../src/jobs/worker/served-tenants.js';
import { startWorker } from '../../src/jobs/worker/worker.js';
import { findRun, requestRun } from '../../src/store/index.js';
import { until } from '../support/until.js';
import { createWorld, SETTINGS, tenantOf, type World } from '../support/setup/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld({ tenant: tenantOf(20) });
});
afterAll(() => world.close());

/** Works the queue until it is empty. @returns what was logged */
async function work(jobs: readonly JobData[]): Promise<string> {
  const { database, queue, graph, accessLog, tenant } = world;
  let said = '';
  const log = pino(new Writable({ write: (line, _, done) => done(void (said += String(line))) }));
  for (const job of jobs) await queue.add(job);
  const filters = { includeGuests: true, includeAgents: false, domainNames: [] };
  const tenants = fixedTenants([{ tenantId: tenant.tenantId, graph, filters }]);
  const worker = startWorker({ queue, database, tenants, settings: SETTINGS, accessLog, log });
  try {
    await until(async () => (await queue.jobs(['active', 'waiting', 'delayed'])).length === 0);
  } finally {
    await worker.close();
  }
  return said;
}

const open = (tenantId: string, task: string) => requestRun(world.database, { tenantId, task });

test('a job that names another tenant than its run is dropped: no row of one tenant is written as the other', async () => {
  const { tenantId } = world.tenant;
  const victim = await open(randomUUID(), 'hr-roster');
  const said = await work([{ tenantId, task: 'hr-roster', runId: victim.id }]);
  expect(said).toContain('job dropped, because it contradicts its run');
  await expect(findRun(world.database, victim.id)).resolves.toMatchObject({ outcome: 'running', attempt: 0 });
  expect(await world.database.rows('select from rollcall_data.users')).toEqual([]);
  expect(world.emulator.requests.filter(({ path }) => path.startsWith('/v1.0/'))).toEqual([]);
});

test('a job that names another task than its run is dropped, and the run is done by its own job', async () => {
  const { tenantId } = world.tenant;
  const run = await open(tenantId, 'hr-roster');
  const said = await work([
    { tenantId, task: 'application-discovery', runId: run.id },
    { tenantId, task: 'hr-roster', runId: run.id },
  ]);
  expect(said.match(/contradicts/g)).toHaveLength(1);
  await expect(findRun(world.database, run.id)).resolves.toMatchObject({ outcome: 'complete' });
  expect(await world.database.rows('select from rollcall_data.service_principals')).toEqual([]);
});

test('a job of an unknown task that names the run of another tenant does not end that run', async () => {
  const victim = await open(randomUUID(), 'hr-roster');
  await work([{ tenantId: world.tenant.tenantId, task: 'no-such-task', runId: victim.id }]);
  await expect(findRun(world.database, victim.id)).resolves.toMatchObject({ outcome: 'running' });
});

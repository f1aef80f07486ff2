import { createAccessLog, type Database } from '../src/store/index.js';
import { silent } from './support/database.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const entries = (where = 'true') =>
  world.database.rows<Record<string, string | null>>(
    `select task, run_id, method, uri, status, error, attempt from rollcall_data.access_log where ${where} order by at`,
  );

const ENTRY = {
  tenantId: '00000000-0000-4000-8000-00000000abcd',
  task: 'hr-roster',
  runId: null,
  method: 'GET',
  uri: 'https://graph.example/v1.0/users',
  status: 200,
  error: null,
  durationMs: 12,
  bytes: 345,
  attempt: 1,
  clientRequestId: null,
  requestId: 'r-1',
  resourceUnits: 2,
};
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

test('every exchange of a run is on record, and so is the login', async () => {
  world.emulator.faults.add({ path: '/v1.0/users', action: { kind: 'reply', status: 503, body: {} } });
  const runs = await world.sync();
  await world.accessLog.close();
  const counted = runs.reduce((sum, { requests }) => sum + requests, 0);
  expect(await entries("uri like '%/v1.0/%'")).toHaveLength(counted);
  // What goes in a batch is one exchange together.
  const exchanges = world.emulator.requests.filter(({ innerOf }) => innerOf === undefined);
  expect(exchanges).toHaveLength((await entries()).length);
  expect((await entries("uri like '%/v1.0/users%'")).slice(0, 2)).toMatchObject([
    { task: 'hr-roster', run_id: runs[0]!.id, method: 'GET', status: 503, attempt: 1 },
    { task: 'hr-roster', run_id: runs[0]!.id, method: 'GET', status: 200, attempt: 2 },
  ]);
  expect(await entries("uri like '%/oauth2/v2.0/token%'")).toMatchObject([{ task: null, method: 'POST', status: 200 }]);
});

test('no secret, token or link token is on record', async () => {
  await world.sync();
  await world.accessLog.close();
  const [application] = world.tenant.applications.values();
  const text = JSON.stringify(await world.database.rows('select * from rollcall_data.access_log'));
  expect(text).not.toContain(application!.secrets[0]!.value);
  expect(text).not.toMatch(/Bearer|eyJ|skiptoken=[^…]/);
});

test('days beyond the retention are dropped, the others stay', async () => {
  const log = createAccessLog({ retentionDays: 7, log: silent });
  log.writeTo(world.database);
  for (const days of [9, 8, 6, 0]) log.record({ ...ENTRY, at: daysAgo(days) });
  await log.close();
  const { length } = await entries();
  expect(length).toBe(2);
});

test('while the database is away entries wait, and are written when it is back', async () => {
  let away = true;
  const flaky: Database = {
    ...world.database,
    transaction: (work) =>
      away ? Promise.reject(new Error('connection terminated')) : world.database.transaction(work),
  };
  const log = createAccessLog({ retentionDays: 7, log: silent });
  log.record({ ...ENTRY, at: daysAgo(0) });
  log.writeTo(flaky);
  log.record({ ...ENTRY, at: daysAgo(0) });
  await log.close();
  expect(await entries()).toEqual([]);
  away = false;
  log.writeTo(flaky);
  await log.close();
  expect(await entries()).toHaveLength(2);
});

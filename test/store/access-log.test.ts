import { createAccessLog, type Database } from '../../src/store/index.js';
import { tasks } from '../../src/jobs/registry.js';
import { silent } from '../support/servers/database.js';
import { createWorld, type World } from '../support/setup/world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const entries = (where = 'true') =>
  world.database.rows<Record<string, string | null>>(
    `select task, run_id, method, uri, status, error, attempt from rollcall.access_log where ${where} order by at`,
  );

const ACCOUNT = {
  tenantId: '00000000-0000-4000-8000-00000000abcd',
  application: '00000000-0000-4000-8000-0000000000a1',
  credential: 'certificate',
} as const;
const EXCHANGE = {
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
  expect(await entries("uri like '%/v1.0/%' and batch_id is null")).toHaveLength(counted);
  const exchanges = world.emulator.requests.filter(({ innerOf }) => innerOf === undefined);
  expect(exchanges).toHaveLength((await entries('batch_id is null')).length);
  expect((await entries("uri like '%/v1.0/users%'")).slice(0, 2)).toMatchObject([
    { task: 'hr-roster', run_id: runs[0]!.id, method: 'GET', status: 503, attempt: 1 },
    { task: 'hr-roster', run_id: runs[0]!.id, method: 'GET', status: 200, attempt: 2 },
  ]);
  expect(await entries("uri like '%/oauth2/v2.0/token%'")).toMatchObject([{ task: null, method: 'POST', status: 200 }]);
});

test('what is asked inside a batch is on record, one by one: an auditor finds who read a group by its id', async () => {
  const [group] = world.tenant.groups.places(-1, 1).map((place) => world.tenant.groups.at(place));
  const path = `/v1.0/groups/${group!.id}/members`;
  world.emulator.faults.add({ path, action: { kind: 'reply', status: 404, body: {} } });
  await world.sync({ tasks: tasks.filter(({ name }) => name === 'sso-roster') });
  await world.accessLog.close();
  const rows = await world.database.rows('select * from rollcall.access_log order by at');
  const batches = rows.filter(({ uri }) => String(uri).endsWith('/$batch'));
  const inner = rows.filter(({ batch_id: id }) => id !== null);
  expect(batches.length).toBeGreaterThan(0);
  const pair = (uri: unknown, status: unknown) =>
    `${new URL(String(uri), world.emulator.url).pathname} ${String(status)}`;
  const asked = world.emulator.requests.filter(({ innerOf }) => innerOf !== undefined);
  const recorded = inner.map(({ uri, status }) => pair(uri, status));
  expect(recorded.toSorted()).toEqual(asked.map(({ path, status }) => pair(path, status)).toSorted());
  for (const each of inner) {
    const batch = batches.find(({ client_request_id: id }) => id === each['batch_id']);
    expect({ ...each, method: 'POST' }).toMatchObject({
      ...only(batch!, ['at', 'tenant_id', 'application', 'credential', 'asked_by', 'task', 'run_id', 'method']),
      duration_ms: null,
      bytes: null,
    });
  }
  expect(inner.find(({ uri }) => String(uri).includes(group!.id))).toMatchObject({ method: 'GET', status: 404 });
});

const only = (row: Record<string, unknown>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, row[name]]));

test('a batch that fails as a whole leaves on record what it had asked for, and that it was asked again', async () => {
  world.emulator.faults.add({ path: '/v1.0/$batch', action: { kind: 'reply', status: 503, body: {} } });
  await world.sync({ tasks: tasks.filter(({ name }) => name === 'sso-roster') });
  await world.accessLog.close();
  const failed = await world.database.rows(
    `select b.attempt, i.status, i.error from rollcall.access_log b
     join rollcall.access_log i on i.batch_id = b.client_request_id where b.status = 503`,
  );
  expect(failed.length).toBeGreaterThan(1);
  expect(new Set(failed.map((row) => JSON.stringify(row)))).toEqual(
    new Set([JSON.stringify({ attempt: 1, status: null, error: 'no answer: its batch ended with 503' })]),
  );
  const [{ again } = { again: 0 }] = await world.database.rows<{ again: number }>(
    `select count(*)::int as again from rollcall.access_log b
     join rollcall.access_log i on i.batch_id = b.client_request_id where b.attempt = 2`,
  );
  expect(again).toBe(failed.length);
});

test('each row names the account and who asked', async () => {
  await world.sync({ tasks: tasks.filter(({ name }) => name === 'sso-roster') });
  await world.accessLog.close();
  const [application] = world.tenant.applications.values();
  const ofRuns = { tenant_id: world.tenant.tenantId, application: application!.clientId, credential: 'secret' };
  expect(
    await world.database.rows('select distinct tenant_id, application, credential, asked_by from rollcall.access_log'),
  ).toEqual([{ ...ofRuns, asked_by: 'worker' }]);
  const doctor = createAccessLog({ asker: 'doctor', retentionDays: 7, log: silent });
  doctor.writeTo(world.database);
  doctor.for(ACCOUNT)({ ...EXCHANGE, at: daysAgo(0) });
  await doctor.close();
  expect(
    await world.database.rows("select application, credential from rollcall.access_log where asked_by = 'doctor'"),
  ).toEqual([{ application: ACCOUNT.application, credential: 'certificate' }]);
});

test('what Graph claims of itself cannot spoil the record: neither in headers nor inside a batch', async () => {
  const log = createAccessLog({ asker: 'worker', retentionDays: 7, log: silent });
  log.writeTo(world.database);
  const inner = { method: 'GET', uri: 'https://graph.example/v1.0/groups/x', status: 200, error: null, attempt: 1 };
  log.for(ACCOUNT)({
    ...EXCHANGE,
    at: daysAgo(0),
    requestId: 'a\0b\ud800',
    inner: [{ ...inner, requestId: 'a\0b\ud800', resourceUnits: 1 }],
  });
  await log.close();
  expect(await world.database.rows('select request_id from rollcall.access_log order by batch_id nulls first')).toEqual(
    [{ request_id: 'ab\ufffd' }, { request_id: 'a\ufffdb\ufffd' }],
  );
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
  const log = createAccessLog({ asker: 'worker', retentionDays: 7, log: silent });
  log.writeTo(world.database);
  const record = log.for(ACCOUNT);
  for (const days of [9, 8, 6, 0]) record({ ...EXCHANGE, at: daysAgo(days) });
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
  const log = createAccessLog({ asker: 'worker', retentionDays: 7, log: silent });
  const record = log.for(ACCOUNT);
  record({ ...EXCHANGE, at: daysAgo(0) });
  log.writeTo(flaky);
  record({ ...EXCHANGE, at: daysAgo(0) });
  await log.close();
  expect(await entries()).toEqual([]);
  away = false;
  log.writeTo(flaky);
  await log.close();
  expect(await entries()).toHaveLength(2);
});

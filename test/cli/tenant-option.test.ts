import type { Emulator } from '../../src/emulator/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';
import { keep, secretsOf, tenantNumber, withoutTenant, type TestTenant } from '../support/setup/tenants.js';
import { objectsOf } from '../support/setup/access-tenant.js';

let one: TestTenant;
let two: TestTenant;
let emulator: Emulator;
let database: TestDatabase;
let environment: Record<string, string>;
const closing: (() => Promise<unknown>)[] = [];

/** Two tenants that have been read, with somebody in quarantine, and that then lost their permissions. */
beforeEach(async () => {
  [one, two] = [tenantNumber(1, { users: 20 }), tenantNumber(2, { users: 20 })];
  const tenants = [one, two];
  emulator = await startTestEmulator({ tenants: tenants.map(({ data }) => data) });
  database = await createTestDatabase(embedded());
  const secrets = await secretsOf(tenants);
  const settings = await settingsFor(emulator, one.data);
  environment = { ...withoutTenant(settings.environment), ...secrets.environment, DATABASE_URL: database.url };
  closing.push(
    () => emulator.close(),
    secrets.remove,
    settings.remove,
    () => database.drop(),
  );
  await keep(database, tenants);
  for (const { data } of tenants) data.users.update(objectsOf(data.users)[0]!.id, { displayName: 7 });
  await rollcall('sync', 'hr-roster');
  for (const { application } of tenants) application.roles = [];
  await rollcall('sync', 'hr-roster');
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const rollcall = (...args: string[]) => runHere(args, environment);
const json = (out: string) =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line): Record<string, unknown> => JSON.parse(line));
const tenantsOf = (facts: readonly Record<string, unknown>[]) =>
  [...new Set(facts.map(({ tenant_id: id }) => String(id)))].sort();
const both = () => [one.data.tenantId, two.data.tenantId].sort();

test.each(['runs', 'jobs', 'quarantine', 'access-log'])(
  '%s shows every tenant, and with --tenant that one alone',
  async (command) => {
    expect(tenantsOf(json((await rollcall(command, '--json')).out))).toEqual(both());
    for (const { name, data } of [one, two]) {
      const { code, out } = await rollcall(command, '--json', '--tenant', name);
      expect({ code, tenants: tenantsOf(json(out)) }).toEqual({ code: 0, tenants: [data.tenantId] });
    }
  },
);

test('status with --tenant is about that one alone', async () => {
  const { out } = await rollcall('status', '--tenant', one.name);
  expect(out).not.toContain(two.name);
  expect(out).toContain('failed');
});

test('a sync with --tenant reads that one alone', async () => {
  one.application.roles = two.application.roles = ['User.Read.All'];
  emulator.clearRequests();
  const { out } = await rollcall('sync', 'hr-roster', '--json', '--tenant', two.name);
  // Somebody is in quarantine still.
  expect(json(out)).toEqual([expect.objectContaining({ tenant_id: two.data.tenantId, outcome: 'partial' })]);
  expect(new Set(emulator.requests.map(({ tenantId }) => tenantId).filter(Boolean))).toEqual(
    new Set([two.data.tenantId]),
  );
});

test('failed jobs of one tenant go on the queue again, and those of the other stay as they are', async () => {
  const jobsOf = async ({ data }: TestTenant) =>
    json((await rollcall('jobs', '--json')).out)
      .filter(({ tenant_id: id }) => id === data.tenantId)
      .map(({ state }) => state);
  expect([await jobsOf(one), await jobsOf(two)]).toEqual([['failed'], ['failed']]);
  const runs = () => database.rows('select * from rollcall_data.runs where tenant_id = $1', [two.data.tenantId]);
  const before = await runs();
  expect(await rollcall('jobs', '--retry-failed', '--tenant', one.name)).toMatchObject({ code: 0 });
  expect([await jobsOf(one), await jobsOf(two)]).toEqual([['waiting'], ['failed']]);
  expect(await runs()).toEqual(before);
  expect(await rollcall('jobs', '--retry-failed')).toMatchObject({ code: 0 });
  expect([await jobsOf(one), await jobsOf(two)]).toEqual([['waiting'], ['waiting']]);
});

test('a tenant that does not exist is refused by every command that takes one', async () => {
  for (const command of ['runs', 'jobs', 'quarantine', 'access-log', 'status', 'sync', 'doctor']) {
    expect(await rollcall(command, '--tenant', 'company-9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('company-9'),
    });
  }
});

import { sampleTenant, type TenantData } from '../../src/emulator/index.js';
import { createTestDatabase, embedded } from '../support/servers/database.js';
import { createProcessWorld, type ProcessWorld } from '../support/setup/process-world.js';
import { run, runHere, start } from '../support/rollcall.js';
import { expectedRoster, ROSTER_SQL } from '../support/roster-oracle.js';
import { until } from '../support/until.js';
import { usersOf } from '../support/setup/world.js';

let tenant: TenantData;
let world: ProcessWorld;
let database: ProcessWorld['database'];
let environment: ProcessWorld['environment'];
beforeEach(async () => {
  tenant = sampleTenant();
  world = await createProcessWorld(tenant);
  ({ database, environment } = world);
});
afterEach(() => world.close());

const json = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

test('without a database of its own, a command that only reads says how to begin', async () => {
  const { code, err } = await runHere(['status'], { ROLLCALL_HOME: environment['ROLLCALL_HOME']! });
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('rollcall sync') });
});

test('on an empty database, status says that it needs a migration', async () => {
  const empty = await createTestDatabase(embedded(), { migrated: false });
  const { code, err } = await runHere(['status'], { ...environment, DATABASE_URL: empty.url });
  await empty.drop();
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('rollcall migrate') });
});

test('sync prints one JSON object per run, and the roster is right in every cell', async () => {
  const { code, out, err } = await run(['sync', 'hr-roster', '--json'], environment);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(json(out)).toEqual([
    expect.objectContaining({
      task: 'hr-roster',
      outcome: 'complete',
      tenant_id: tenant.tenantId,
      items: tenant.users.size,
    }),
  ]);
  expect(await database.rows(ROSTER_SQL)).toEqual(
    expectedRoster(usersOf(tenant), { includeGuests: false, domainNames: [] }),
  );
});

test('a sync migrates an empty database first', async () => {
  const empty = await createTestDatabase(embedded(), { migrated: false });
  try {
    const settings = { ...environment, DATABASE_URL: empty.url };
    expect(await runHere(['sync', 'hr-roster'], settings)).toMatchObject({ code: 0 });
    expect(await empty.rows(ROSTER_SQL)).toEqual(
      expectedRoster(usersOf(tenant), { includeGuests: false, domainNames: [] }),
    );
  } finally {
    await empty.drop();
  }
});

test('status, runs and query show what is there', async () => {
  await runHere(['sync', 'hr-roster'], environment);
  const status = await runHere(['status'], environment);
  expect(status).toMatchObject({ code: 0, out: expect.stringMatching(/hr-roster .* complete [^]*All is well/) });
  const [latest] = json((await runHere(['runs', '--json'], environment)).out);
  expect(latest).toMatchObject({ task: 'hr-roster', outcome: 'complete' });
  const one = await runHere(['runs', String(latest!['id'])], environment);
  expect(one).toMatchObject({ code: 0, out: expect.stringContaining('unchanged') });
  const query = await runHere(['query', 'select count(*) as people from rollcall.hr_roster', '--json'], environment);
  expect(json(query.out)).toEqual([{ people: latest!['added'] }]);
});

test('a missing permission: the run fails, names it, and removes nobody', async () => {
  await runHere(['sync', 'hr-roster'], environment);
  const [application] = tenant.applications.values();
  application!.roles = [];
  const before = await database.rows(ROSTER_SQL);
  const { code, err, out } = await runHere(['sync', 'hr-roster', '--json'], environment);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('User.Read.All') });
  expect(json(out)).toEqual([expect.objectContaining({ outcome: 'failed', error_code: 'graph_forbidden' })]);
  expect(await database.rows(ROSTER_SQL)).toEqual(before);
  expect(await runHere(['status'], environment)).toMatchObject({
    out: expect.stringContaining('Then:  rollcall replay '),
  });
});

test('a worker keeps the schedule, and ends gracefully when told to', async () => {
  const counted = async () =>
    Number(
      (await database.rows<{ n: string }>("select count(*) as n from rollcall.runs where outcome = 'complete'"))[0]!.n,
    );
  const before = await counted();
  const worker = start(['worker'], { ...environment, SCHEDULE_NIGHTLY: '* * * * * *', LOG_LEVEL: 'debug' });
  await worker.saysOnErr('worker started');
  await until(async () => (await counted()) >= before + 2);
  worker.child.kill('SIGTERM');
  const { code, err, out } = await worker.ended;
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(err).toContain('worker stopped');
  expect(err).toContain('"msg":"graph exchange"');
  expect(err).not.toMatch(/emulator-only|Bearer|skiptoken/);
});

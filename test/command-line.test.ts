import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_SECRET_ID, sampleTenant, type Emulator, type TenantData } from '../src/emulator/index.js';
import { startTestEmulator } from './support/emulator.js';
import { createTestDatabase, embedded, type TestDatabase } from './support/database.js';
import { run, runHere, settingsFor, start } from './support/rollcall.js';
import { expectedRoster, ROSTER_SQL } from './support/roster-oracle.js';
import { usersOf } from './support/world.js';

let tenant: TenantData;
let emulator: Emulator;
let database: TestDatabase;
let environment: Record<string, string>;
let remove: () => Promise<void>;

beforeAll(async () => {
  tenant = sampleTenant();
  emulator = await startTestEmulator({ tenants: [tenant] });
  database = await createTestDatabase(embedded(), { migrated: false });
  const settings = await settingsFor(emulator, tenant);
  environment = { ...settings.environment, DATABASE_URL: database.url };
  ({ remove } = settings);
});
afterAll(async () => {
  await emulator.close();
  await database.drop();
  await remove();
});
afterEach(() => emulator.faults.clear());

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
  const { code, err } = await runHere(['status'], environment);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('rollcall migrate') });
});

test('a dry run writes nothing and says what would happen', async () => {
  const { code, out } = await runHere(['sync', 'hr-roster', '--dry-run', '--json'], environment);
  expect(code).toBe(0);
  expect(json(out)).toEqual([
    expect.objectContaining({ task: 'hr-roster', dry_run: true, would_end: 'complete', removed: 0 }),
  ]);
  expect(Number(json(out)[0]!['added'])).toBeGreaterThan(300);
  for (const name of ['users', 'runs', 'cursors', 'changes']) {
    expect(await database.rows(`select from rollcall_data.${name}`)).toEqual([]);
  }
  expect(await database.rows('select from rollcall_staging.checkpoints')).toEqual([]);
});

test('of a tenant that was never read, a dry run passes over what builds on others', async () => {
  const { code, out, err } = await runHere(['sync', '--dry-run', '--json'], environment);
  expect({ code, err }).toEqual({
    code: 0,
    err: expect.stringMatching(/^Not rehearsed: sso-roster builds on [^\n]+\n$/),
  });
  expect(json(out).map(({ task }) => task)).toEqual(['hr-roster', 'application-discovery', 'sso-access']);
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

test('status, runs and query show what is there', async () => {
  const status = await runHere(['status'], environment);
  expect(status).toMatchObject({ code: 0, out: expect.stringMatching(/hr-roster .* complete [^]*All is well/) });
  const [latest] = json((await runHere(['runs', '--json'], environment)).out);
  expect(latest).toMatchObject({ task: 'hr-roster', outcome: 'complete' });
  const one = await runHere(['runs', String(latest!['id'])], environment);
  expect(one).toMatchObject({ code: 0, out: expect.stringContaining('unchanged') });
  const query = await runHere(['query', 'select count(*) as people from rollcall.hr_roster', '--json'], environment);
  expect(json(query.out)).toEqual([{ people: latest!['added'] }]);
});

test('a sync leaves nothing on the queue', async () => {
  expect(await runHere(['sync'], environment)).toMatchObject({ code: 0 });
  expect((await runHere(['jobs', '--json'], environment)).out).toBe('');
});

test('an interval is told as Postgres writes it', async () => {
  const { out } = await runHere(['query', "select interval '90 minutes' as age"], environment);
  expect(out).toBe('age\n01:30:00\n');
});

test('query cannot write', async () => {
  for (const sql of ['delete from rollcall_data.users', 'commit; delete from rollcall_data.users']) {
    expect(await runHere(['query', sql], environment)).toMatchObject({
      code: 2,
      err: expect.stringContaining('Postgres refuses the query'),
    });
  }
});

test.each([
  ['a wrong secret', { AZURE_CLIENT_SECRET: 'wrong-secret-value' }, 'AADSTS7000215', 1],
  ["the secret's id in its place", { AZURE_CLIENT_SECRET: SAMPLE_SECRET_ID }, "paste the secret's id", 1],
  ['an unknown application', { AZURE_CLIENT_ID: '99999999-9999-4999-8999-999999999999' }, 'AADSTS700016', 1],
  ['an unknown tenant', { AZURE_TENANT_ID: '99999999-9999-4999-8999-999999999999' }, 'AADSTS90002', 1],
  [
    'a database that is not there',
    { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/none' },
    'No database at 127.0.0.1:1/none: ECONNREFUSED',
    1,
  ],
  ['a Redis that is not there', { REDIS_URL: 'redis://:hunter2@127.0.0.1:1' }, 'No Redis at 127.0.0.1:1', 1],
  ['bad settings', { INCLUDE_GUESTS: 'perhaps', REMOVAL_GUARD_PERCENT: 'ten' }, '2 settings are wrong', 2],
  ['a task that does not exist', {}, 'There is no task named', 2],
])('%s: refused before anything starts, with what to do', async (_, overrides, expected, exitCode) => {
  const runsBefore = await database.rows('select from rollcall_data.runs');
  const args = Object.keys(overrides).length === 0 ? ['sync', 'payroll'] : ['sync', 'hr-roster'];
  const { code, out, err } = await runHere(args, { ...environment, ...overrides });
  expect({ code, out }).toEqual({ code: exitCode, out: '' });
  expect(err).toContain(expected);
  expect(err).toContain('What to do: ');
  expect(err).not.toMatch(/hunter2|wrong-secret-value|emulator-only/);
  expect(await database.rows('select from rollcall_data.runs')).toHaveLength(runsBefore.length);
});

test.each([
  ['a refusal', { AZURE_CLIENT_SECRET: 'wrong-secret-value' }, ['sync'], 1, 'AADSTS7000215'],
  ['an unknown option', {}, ['sync', '--fast'], 2, "unknown option '--fast'"],
])('the process ends with the words and the exit code of %s', async (_, overrides, args, exitCode, expected) => {
  const { code, out, err } = await run(args, { ...environment, ...overrides });
  expect({ code, out }).toEqual({ code: exitCode, out: '' });
  expect(err).toContain(expected);
});

test.each<[string, BufferEncoding]>([
  ['UTF-8', 'utf8'],
  ['UTF-16', 'utf16le'],
])('a .env that begins with a byte order mark of %s is read as any other', async (_, encoding) => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-cli-'));
  await writeFile(join(folder, '.env'), Buffer.from(`\uFEFFDATABASE_URL=${database.url}\n`, encoding));
  const { code, out } = await run(['status'], {}, folder);
  await rm(folder, { recursive: true });
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(new URL(database.url).pathname) });
});

test('a missing permission: the run fails, names it, and removes nobody', async () => {
  const [application] = tenant.applications.values();
  const { roles } = application!;
  application!.roles = [];
  const before = await database.rows(ROSTER_SQL);
  const { code, err, out } = await runHere(['sync', 'hr-roster', '--json'], environment);
  application!.roles = roles;
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('User.Read.All') });
  expect(json(out)).toEqual([expect.objectContaining({ outcome: 'failed', error_code: 'graph_forbidden' })]);
  expect(await database.rows(ROSTER_SQL)).toEqual(before);
  expect(await runHere(['status'], environment)).toMatchObject({
    out: expect.stringContaining('Then:  rollcall replay '),
  });
});

test('a database of a newer version is refused by every command', async () => {
  await database.pool.query(
    "insert into rollcall_data.migrations (hash, created_at) values ('from the future', 9999999999999)",
  );
  try {
    for (const args of [['sync'], ['status'], ['runs'], ['migrate'], ['query', 'select 1']]) {
      expect(await runHere(args, environment)).toMatchObject({
        code: 1,
        err: expect.stringContaining('Use the version of Rollcall that migrated it'),
      });
    }
  } finally {
    await database.pool.query("delete from rollcall_data.migrations where hash = 'from the future'");
  }
});

test('a worker keeps the schedule, and ends gracefully when told to', async () => {
  const counted = async () =>
    Number(
      (await database.rows<{ n: string }>("select count(*) as n from rollcall.runs where outcome = 'complete'"))[0]!.n,
    );
  const before = await counted();
  const worker = start(['worker'], { ...environment, SCHEDULE_NIGHTLY: '* * * * * *', LOG_LEVEL: 'debug' });
  await worker.saysOnErr('worker started');
  while ((await counted()) < before + 2) await new Promise((resolve) => setTimeout(resolve, 100));
  worker.child.kill('SIGTERM');
  const { code, err, out } = await worker.ended;
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(err).toContain('worker stopped');
  expect(err).toContain('"msg":"graph exchange"');
  expect(err).not.toMatch(/emulator-only|Bearer|skiptoken/);
});

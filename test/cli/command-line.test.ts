import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_SECRET_ID, sampleTenant, type Emulator, type TenantData } from '../../src/emulator/index.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { run, runHere, settingsFor } from '../support/rollcall.js';

let tenant: TenantData;
let emulator: Emulator;
let database: TestDatabase;
let environment: Record<string, string>;
let remove: () => Promise<void>;

beforeAll(async () => {
  tenant = sampleTenant();
  emulator = await startTestEmulator({ tenants: [tenant] });
  database = await createTestDatabase(embedded());
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

test('a sync leaves nothing on the queue', async () => {
  expect(await runHere(['sync'], environment)).toMatchObject({ code: 0 });
  expect((await runHere(['jobs', '--json'], environment)).out).toBe('');
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

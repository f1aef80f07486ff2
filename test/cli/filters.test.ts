import { randomUUID } from 'node:crypto';
import { sampleTenant, type Emulator } from '../../src/emulator/index.js';
import { toInstant } from '../../src/cli/flags.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';

let emulator: Emulator;
let database: TestDatabase;
let environment: Record<string, string>;
let remove: () => Promise<void>;
beforeAll(async () => {
  const tenant = sampleTenant();
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
const rollcall = (...args: string[]) => runHere(args, environment);

test.each(['runs', 'jobs', 'quarantine', 'access-log'])(
  '%s refuses a task that does not exist, and names those that do',
  async (command) => {
    const { code, out, err } = await rollcall(command, '--task', 'nope');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('hr-roster, application-discovery');
  },
);

test.each(['runs', 'jobs', 'quarantine', 'access-log', 'actions', 'status'])(
  '%s refuses a tenant that nothing knows, by its name and by its id',
  async (command) => {
    for (const tenant of ['nope', randomUUID()]) {
      const { code, out, err } = await rollcall(command, '--tenant', tenant);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain(`There is no tenant ${tenant}`);
    }
    // That of the environment is known before anything was read.
    expect(await rollcall(command, '--tenant', environment['AZURE_TENANT_ID']!)).toMatchObject({ code: 0 });
  },
);

test.each(['quarantine', 'access-log', 'actions'])('%s refuses a run that does not exist', async (command) => {
  expect(await rollcall(command, '--run', randomUUID())).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no run'),
  });
});

test.each([
  [['access-log', '--since', '2026-02-01', '--until', '2026-01-01'], 'is not before --until'],
  [['actions', '--since', '1h', '--until', '2h'], 'is not before --until'],
  [['access-log', '--status', '99999'], 'from 100 to 599'],
  [['access-log', '--limit', '99999999999'], 'a whole number from 1 to 999999'],
  [['runs', '--limit', '0'], 'a whole number from 1 to 999999'],
  [['runs', '--outcome', 'nope'], 'Allowed choices are'],
  [['actions', '--action', 'tenants'], 'Allowed choices are sync, release, discard'],
  [['access-log', '--application', 'nope'], 'expected an id'],
])('%j is refused with what is accepted', async (args, expected) => {
  const { code, out, err } = await rollcall(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(expected);
});

test.each([
  '5',
  'May',
  '01/02',
  '12:00',
  '26-01-31',
  '2026',
  '2026-13-01',
  '2026-02-31',
  '2026-01-31T25:00',
  '-5m',
  '5 m',
  '99y',
  'tomorrow',
  '',
])('%j is no time', (text) => {
  expect(() => toInstant(text)).toThrow('expected a time such as');
});

test.each([
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31T09:00', '2026-01-31T09:00:00.000Z'],
  ['2026-01-31 09:00:30', '2026-01-31T09:00:30.000Z'],
  ['2026-01-31T09:00:00+02:00', '2026-01-31T07:00:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(toInstant(text)).toBe(expected);
});

test('status and the list of tenants tell programs what they tell people: who cannot be read, who is off, and the own tenant', async () => {
  const id = randomUUID();
  const add = [
    'tenants',
    'add',
    'contoso',
    '--tenant-id',
    id,
    '--client-id',
    randomUUID(),
    '--secret-ref',
    'env:NOPE',
    '--force',
  ];
  expect(await rollcall(...add)).toMatchObject({ code: 0 });
  await database.rows(
    "insert into rollcall_data.tenant_facts (tenant_id, login_failed_at, login_error, login_advice) values ($1, now(), 'no secret', 'set it')",
    [id],
  );
  const json = async (...args: string[]) =>
    (await rollcall(...args, '--json')).out
      .trim()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line));
  expect(await json('status')).toContainEqual(
    expect.objectContaining({
      kind: 'login_failed',
      tenant: 'contoso',
      tenant_id: id,
      says: expect.stringContaining('no secret set it'),
    }),
  );
  await rollcall('tenants', 'disable', 'contoso');
  // Of one that is off on purpose it is no news that it cannot be read.
  const notices = (await json('status')).filter(({ tenant }) => tenant === 'contoso').map(({ kind }) => kind);
  expect(notices).toEqual(['disabled']);
  expect(await json('tenants', 'list')).toEqual([
    expect.objectContaining({
      tenant_id: environment['AZURE_TENANT_ID'],
      described_by: 'environment',
      state: 'enabled',
    }),
    expect.objectContaining({ name: 'contoso', described_by: 'database', state: 'disabled' }),
  ]);
  expect((await rollcall('tenants', 'list')).out).toContain('env:AZURE_CLIENT_SECRET');
});

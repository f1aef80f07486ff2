import { sampleTenant, type Emulator, type TenantData } from '../../src/emulator/index.js';
import { appOf, groupOf } from '../support/setup/access-tenant.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';

let tenant: TenantData;
let emulator: Emulator;
let database: TestDatabase;
let settings: Awaited<ReturnType<typeof settingsFor>>;
const rollcall = (...args: string[]) => runHere(args, { ...settings.environment, DATABASE_URL: database.url });
const refused = (status: number) => ({ kind: 'reply', status, body: { error: { code: 'No', message: '' } } }) as const;

beforeAll(async () => {
  tenant = sampleTenant();
  emulator = await startTestEmulator({ tenants: [tenant] });
  database = await createTestDatabase(embedded());
  settings = await settingsFor(emulator, tenant);
  await rollcall('sync', 'hr-roster', 'application-discovery', 'sso-roster');
});
afterAll(async () => {
  await emulator.close();
  await database.drop();
  await settings.remove();
});

test('if everything can be read, no table has a column of what could not', async () => {
  const { out } = await rollcall('status');
  expect(out).not.toContain('skipped');
  expect(out).toContain('All is well.');
});

test('what cannot be read is named with its reason by sync, status, runs and a dry run', async () => {
  const [app, group] = [appOf(tenant, 'Acme CRM').id, groupOf(tenant, 'Sales').id];
  emulator.faults.add(
    { path: `/v1.0/servicePrincipals/${app}/`, times: 'always', action: refused(404) },
    { path: `/v1.0/groups/${group}/members`, times: 'always', action: refused(403) },
  );
  const lines = [
    '2 applications and groups could not be read; their rows stay.',
    `application Acme CRM (${app}): Graph does not find it (404 or 410)`,
    `group Sales (${group}): Graph forbids it (403)`,
  ];
  const dry = await rollcall('sync', 'sso-roster', '--dry-run');
  const synced = await rollcall('sync', 'sso-roster');
  const status = await rollcall('status');
  for (const said of [dry.err, synced.err, status.out]) for (const line of lines) expect(said).toContain(line);
  for (const { out } of [dry, synced, status])
    expect(out.split('\n').some((line) => /\bskipped\b/.test(line))).toBe(true);
  expect(synced.code).toBe(1);
  expect(status.out).toContain('sso-roster is partial.');
  expect(status.out).not.toContain('could not be understood');
  const [id] = /[0-9a-f-]{36}/.exec(/rollcall runs (\S+)/.exec(status.out)![1]!)!;
  const shown = await rollcall('runs', id);
  for (const line of lines) expect(shown.out).toContain(line);
  const told = JSON.parse((await rollcall('runs', id, '--json')).out) as Record<string, unknown>;
  expect(told).toMatchObject({
    skipped: 2,
    skipped_parents: [
      { kind: 'application', id: app, name: 'Acme CRM', reason: 'not_found', runs: 1 },
      { kind: 'group', id: group, name: 'Sales', reason: 'forbidden', runs: 1 },
    ],
  });
  const dryJson = JSON.parse((await rollcall('sync', 'sso-roster', '--dry-run', '--json')).out) as object;
  expect(dryJson).toMatchObject({ would_end: 'partial', skipped: 2, skipped_parents: [{ id: app }, { id: group }] });
  await rollcall('replay', id);
  const replayed = JSON.parse((await rollcall('runs', id, '--json')).out) as object;
  // It counts once, however often it is read again.
  expect(replayed).toMatchObject({ outcome: 'partial', skipped_parents: [{ runs: 1 }, { runs: 1 }] });
  emulator.faults.clear();
  await rollcall('sync', 'sso-roster');
  expect((await rollcall('status')).out).toContain('All is well.');
});

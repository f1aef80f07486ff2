import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sampleTenant, type Emulator, type TenantData } from '../../src/emulator/index.js';
import { requestRun } from '../../src/store/index.js';
import { comparable, sameIds, stepsOf, withOutputs } from '../support/console-blocks.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';
import { tenantNumber, type TestTenant } from '../support/setup/tenants.js';

const DOCUMENT = fileURLToPath(new URL('../../docs/operating.md', import.meta.url));
/** Instead of comparing, writes into the document what is printed now. To be read before it is committed. */
const WRITE = process.env['WRITE_DOCS'] === '1';

let tenant: TenantData;
let fabrikam: TestTenant;
let emulator: Emulator;
let database: TestDatabase;
let settings: Awaited<ReturnType<typeof settingsFor>>;
beforeAll(async () => {
  // Nobody has signed in since the day before yesterday: what is read again is none, at whatever hour.
  tenant = sampleTenant({ now: new Date(Date.now() - 2 * 86_400_000) });
  fabrikam = tenantNumber(2);
  emulator = await startTestEmulator({ tenants: [tenant, fabrikam.data] });
  database = await createTestDatabase(embedded());
  settings = await settingsFor(emulator, tenant);
});
afterAll(async () => {
  await emulator.close();
  await database.drop();
  await settings.remove();
});

const rollcall = (...args: string[]) =>
  runHere(args, { ...settings.environment, DATABASE_URL: database.url, FABRIKAM_SECRET: fabrikam.secret });

const GARBLED = [
  { op: 'replace', path: '/value/3/displayName', value: 7 },
  { op: 'add', path: '/value/4/appRoleAssignmentRequired', value: 'yes' },
] as const;
const FORBIDDEN = { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges' } };

/** What happens in the document beside the commands. */
const EVENTS: Readonly<Record<string, () => Promise<unknown>>> = {
  'a good night': () => rollcall('sync'),
  async 'a bad night'() {
    const people = tenant.users.places(-1, 1000).map((place) => tenant.users.at(place));
    const outsourced = people.filter((user) => ['Customer Care', 'Logistics'].includes(String(user['department'])));
    for (const { id } of outsourced) tenant.users.softDelete(id);
    emulator.faults.add(
      { path: '/v1.0/servicePrincipals?', action: { kind: 'patch', operations: [...GARBLED] } },
      { path: '/v1.0/auditLogs/signIns', times: 'always', action: { kind: 'reply', status: 403, body: FORBIDDEN } },
    );
    // Once in a while everything is read.
    await rollcall('sync', 'hr-roster', 'application-discovery', 'sso-roster', '--full');
    await rollcall('sync', 'sso-access');
  },
  'a run hangs': () => requestRun(database, { tenantId: tenant.tenantId, task: 'sso-access' }),
  'consent is given again': async () => emulator.faults.clear(),
  'Graph sends them right': async () => {},
};

test('the operating guide tells what happens: each of its commands prints what stands there', async () => {
  const document = await readFile(DOCUMENT, 'utf8');
  const ids = new Map<string, string>();
  const written: string[] = [];
  for (const step of stepsOf(document)) {
    if ('happens' in step) {
      await (EVENTS[step.happens] ?? unknown(step.happens))();
      continue;
    }
    const args = step.args.map((arg) => ids.get(arg) ?? arg);
    const { out, err } = await rollcall(...args);
    const printed = `${out}${err}`;
    const shown = WRITE ? await asShown(printed) : step.shown;
    expect(comparable(printed)).toBe(comparable(shown));
    for (const [name, real] of sameIds(shown, printed)) ids.set(name, real);
    written.push(shown);
  }
  if (WRITE) await writeFile(DOCUMENT, withOutputs(document, written));
}, 180_000);

/** What was printed, with names instead of the ids and addresses of this one time. */
async function asShown(printed: string): Promise<string> {
  const runs = await database.rows<{ id: string }>('select id from rollcall.runs order by started_at, task');
  return runs
    .reduce(
      (text, { id }, index) => text.replaceAll(id, `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`),
      printed,
    )
    .replaceAll(emulator.url, 'https://graph.microsoft.com')
    .replaceAll(/127\.0\.0\.1:\d+\/rollcall\w*/g, 'db.example:5432/rollcall');
}

function unknown(event: string): never {
  throw new Error(`nobody knows how ${JSON.stringify(event)} happens: it is no key of EVENTS`);
}

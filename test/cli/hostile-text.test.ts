import { sampleTenant, type Emulator, type TenantData } from '../../src/emulator/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';
import { usersOf } from '../support/setup/world.js';

/** A title, a cleared screen, a direction, a character without width, and a line that looks like ours. */
const HOSTILE = '\u001B]0;owned\u0007\u009B2J\u202Egpj\u200B\u007F\u2028\n  What to do: rollcall release all';
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

let tenant: TenantData;
let emulator: Emulator;
let database: TestDatabase;
let settings: Awaited<ReturnType<typeof settingsFor>>;
beforeAll(async () => {
  tenant = sampleTenant();
  for (const { id } of usersOf(tenant).slice(0, 80)) tenant.users.update(String(id), { displayName: `1${HOSTILE}` });
  emulator = await startTestEmulator({ tenants: [tenant] });
  database = await createTestDatabase(embedded());
  settings = await settingsFor(emulator, tenant);
  await rollcall('sync', 'hr-roster');
  for (const { id } of usersOf(tenant).slice(0, 80)) tenant.users.softDelete(String(id));
  const body = { error: { code: `Nope${HOSTILE}`, message: `Ask${HOSTILE}` } };
  const id = { op: 'replace', path: '/value/0/id', value: `7${HOSTILE}` } as const;
  emulator.faults.add(
    { path: '/v1.0/auditLogs/signIns', times: 'always', action: { kind: 'reply', status: 403, body } },
    { path: '/v1.0/servicePrincipals?', action: { kind: 'patch', operations: [id] } },
  );
});
afterAll(async () => {
  await emulator.close();
  await database.drop();
  await settings.remove();
});

const rollcall = (...args: string[]) => runHere(args, { ...settings.environment, DATABASE_URL: database.url });

test('whatever names, codes, ids and messages hold, no command prints what a terminal obeys', async () => {
  const printed: [string, string][] = [];
  const print = async (...args: string[]) => {
    const { out, err } = await rollcall(...args);
    printed.push([args.join(' '), out + err]);
    return out;
  };
  await print('sync', 'hr-roster', 'application-discovery', 'sso-access', '--full');
  await print('status');
  await print('runs');
  const failed = await database.rows<{ id: string }>("select id from rollcall.runs where outcome = 'failed'");
  await print('runs', failed[0]!.id);
  await print('quarantine');
  const kept = await database.rows<{ id: string }>('select id from rollcall_data.quarantine');
  await print('quarantine', kept[0]!.id);
  await print('query', 'select display_name, to_jsonb(u) from rollcall_data.users u');
  await print('query', 'select before from rollcall.changes');
  await print('query', 'select 1 as "\u009B2J"');
  await print('query', 'select "\u009B2J"');
  await print('runs', '--outcome', '\u009B2J');
  await print('sync', 'hr-roster', '--full', '--dry-run', '--verbose');
  await print('jobs');
  await print('access-log');
  await print('doctor');
  for (const [command, text] of printed) {
    const line = text.split('\n').find((each) => HIDDEN.test(each));
    expect({ command, line }).toEqual({ command, line: undefined });
    expect({ command, forged: /^ *What to do: rollcall release all/m.test(text) }).toEqual({ command, forged: false });
  }
  const all = printed.map(([, text]) => text).join('');
  expect(all).toContain(String.raw`1\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}gpj\u{200b}\u{7f}\u{2028}\u{a}`);
  expect(all).toContain(String.raw`"id": "7\u001b]0;owned\u0007\u009b2J\u202egpj\u200b\u007f\u2028\n`);
});

test('what is printed for programs is valid JSON that says the same, and a terminal obeys none of it', async () => {
  const { out } = await rollcall('query', 'select display_name from rollcall.hr_roster', '--json');
  expect(out).not.toMatch(HIDDEN);
  const lines = out.trimEnd().split('\n');
  const names = lines.map((line): { display_name: string } => JSON.parse(line)).map((each) => each.display_name);
  expect(names.filter((name) => name === `1${HOSTILE}`).length).toBeGreaterThan(10);
  for (const args of [['status'], ['runs'], ['quarantine'], ['jobs'], ['access-log'], ['doctor']]) {
    const each = await rollcall(...args, '--json');
    expect(each.out).not.toMatch(HIDDEN);
    for (const line of each.out.trimEnd().split('\n').filter(Boolean)) expect(JSON.parse(line)).toBeInstanceOf(Object);
  }
});

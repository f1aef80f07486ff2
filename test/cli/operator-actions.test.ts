import { writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import type { Emulator } from '../../src/emulator/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';
import { refuseSecrets } from '../support/secrets.js';
import { addArguments, secretsOf, tenantNumber, variableOf, type TestTenant } from '../support/setup/tenants.js';
import { usersOf } from '../support/setup/world.js';

let own: TestTenant;
let other: TestTenant;
let emulator: Emulator;
let database: TestDatabase;
let environment: Record<string, string>;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  [own, other] = [tenantNumber(1), tenantNumber(2)];
  emulator = await startTestEmulator({ tenants: [own.data, other.data] });
  const settings = await settingsFor(emulator, own.data);
  const secrets = await secretsOf([own, other]);
  environment = { ...settings.environment, ...secrets.environment };
  closing.push(() => emulator.close(), settings.remove, secrets.remove);
});
beforeEach(async () => {
  database = await createTestDatabase(embedded());
  environment['DATABASE_URL'] = database.url;
});
afterEach(async () => {
  emulator.faults.clear();
  await database.drop();
});
afterAll(async () => {
  for (const close of closing) await close();
});

const rollcall = (...args: string[]) => runHere(args, environment);
const actions = () => database.rows('select * from rollcall.operator_actions order by id');
const runs = () =>
  database.rows<{ id: string; task: string }>('select id, task from rollcall.runs order by task, started_at');

test('every command that tells Rollcall something leaves one row for each tenant that it is about', async () => {
  const { tenantId } = own.data;
  await rollcall(...addArguments(other, '--domain-names', 'a.example'));
  await rollcall(
    'tenants',
    'update',
    other.name,
    '--include-guests',
    'yes',
    '--secret-ref',
    `env:${variableOf(own.name)}`,
    '--force',
  );
  await rollcall('tenants', 'disable', other.name);
  await rollcall('tenants', 'disable', other.name);
  await rollcall('tenants', 'enable', other.name);
  await rollcall('tenants', 'remove', other.name, '--confirm', other.name);
  await rollcall('sync', 'hr-roster', '--dry-run');
  await rollcall('sync', 'hr-roster');
  await rollcall('sync', 'application-discovery', 'hr-roster', '--full');
  const told = {
    actor: userInfo().username,
    claimed_actor: null,
    host: hostname(),
    way: 'command-line',
    outcome: 'done',
  };
  const ofOther = { ...told, tenant_id: other.data.tenantId };
  const [applications, first, second] = await runs();
  expect(await actions()).toEqual(
    [
      {
        ...ofOther,
        action: 'tenants add',
        details: {
          name: other.name,
          kind: 'add',
          fields: expect.objectContaining({ domain_names: ['a.example'], secret_ref: 'set' }),
        },
      },
      {
        ...ofOther,
        action: 'tenants update',
        details: {
          name: other.name,
          kind: 'change',
          fields: { include_guests: { before: false, after: true }, secret_ref: 'set' },
        },
      },
      { ...ofOther, action: 'tenants disable', details: { name: other.name, changed: true } },
      { ...ofOther, action: 'tenants disable', details: { name: other.name, changed: false } },
      { ...ofOther, action: 'tenants enable', details: { name: other.name, changed: true } },
      { ...ofOther, action: 'tenants remove', details: { name: other.name, rows: expect.any(Number) } },
      { ...told, tenant_id: tenantId, action: 'sync', details: { tasks: ['hr-roster'], full: false, dry_run: true } },
      {
        ...told,
        tenant_id: tenantId,
        action: 'sync',
        task: 'hr-roster',
        run_id: first!.id,
        details: { tasks: ['hr-roster'], full: false, dry_run: false, runs: [first!.id] },
      },
      {
        ...told,
        tenant_id: tenantId,
        action: 'sync',
        details: {
          tasks: ['application-discovery', 'hr-roster'],
          full: true,
          dry_run: false,
          runs: expect.arrayContaining([applications!.id, second!.id]),
        },
      },
    ].map((row) => expect.objectContaining(row)),
  );
  for (const row of await actions()) expect(row['ended_at']).not.toBeNull();
});

test('what is decided of runs is on record with the run; a refusal has its code, and so has a failure', async () => {
  await rollcall('sync', 'hr-roster');
  const people = usersOf(own.data)
    .slice(0, 20)
    .map(({ id }) => String(id));
  for (const id of people) own.data.users.softDelete(id);
  await rollcall('sync', 'hr-roster');
  for (const id of people) own.data.users.restore(id);
  const [held] = await database.rows<{ id: string }>("select id from rollcall.runs where outcome = 'held'");
  await rollcall('discard', held!.id);
  expect(await rollcall('release', held!.id)).toMatchObject({ code: 1 });
  await rollcall('replay', held!.id);
  expect(await rollcall('replay', held!.id)).toMatchObject({ code: 1 });
  emulator.faults.add({ path: '/v1.0/users', times: 'always', action: { kind: 'reply', status: 400, body: {} } });
  await rollcall('sync', 'hr-roster', '--full');
  await rollcall('jobs', '--retry-failed');
  const ofRun = { run_id: held!.id, task: 'hr-roster', tenant_id: own.data.tenantId };
  const [failed] = await database.rows<{ id: string }>('select id from rollcall.runs order by started_at desc limit 1');
  expect((await actions()).filter(({ action }) => action !== 'sync')).toEqual(
    [
      { ...ofRun, action: 'discard', outcome: 'done', details: { kept: expect.any(Number) } },
      { ...ofRun, action: 'release', outcome: 'refused', error_code: 'not_held', details: {} },
      { ...ofRun, action: 'replay', outcome: 'done', error_code: null },
      { ...ofRun, action: 'replay', outcome: 'refused', error_code: 'not_replayable' },
      {
        action: 'jobs --retry-failed',
        tenant_id: own.data.tenantId,
        outcome: 'done',
        details: { runs: [failed!.id], cleared: 0 },
      },
    ].map((row) => expect.objectContaining(row)),
  );
});

test('a file of tenants that is applied leaves a row for each difference; one that is refused says so of each', async () => {
  const fields = { client_id: other.application.clientId, secret_ref: `env:${variableOf(other.name)}` };
  const file = `${environment['ROLLCALL_HOME']}.yaml`;
  await writeFile(file, JSON.stringify({ tenants: [{ name: 'one', tenant_id: other.data.tenantId, ...fields }] }));
  expect(await rollcall('tenants', 'apply', file)).toMatchObject({ code: 0 });
  await writeFile(file, JSON.stringify({ tenants: [] }));
  expect(await rollcall('tenants', 'apply', file)).toMatchObject({ code: 2 });
  expect(await rollcall('tenants', 'apply', file, '--remove')).toMatchObject({ code: 0 });
  const about = (kind: string) => expect.objectContaining({ name: 'one', kind });
  expect(await actions()).toEqual(
    [
      { outcome: 'done', details: about('add') },
      { outcome: 'refused', error_code: 'command_invalid', details: about('remove') },
      { outcome: 'done', details: about('remove') },
    ].map((row) => expect.objectContaining({ action: 'tenants apply', tenant_id: other.data.tenantId, ...row })),
  );
});

test('migrate is on record if it applied something, on a database that has no table for it as well', async () => {
  const empty = await createTestDatabase(embedded(), { migrated: false });
  environment['DATABASE_URL'] = empty.url;
  try {
    await rollcall('migrate');
    await rollcall('migrate');
    expect(await empty.rows('select action, outcome, tenant_id, details from rollcall.operator_actions')).toEqual([
      {
        action: 'migrate',
        outcome: 'done',
        tenant_id: null,
        details: { applied: expect.any(Number), from: 0, to: expect.any(Number) },
      },
    ]);
  } finally {
    await empty.drop();
  }
});

test('who the user was before sudo is noted as a claim beside the user that the system knows', async () => {
  environment['SUDO_USER'] = `mallory${'x'.repeat(5000)}`;
  await rollcall('tenants', 'enable', 'nowhere');
  await rollcall(...addArguments(other));
  delete environment['SUDO_USER'];
  const [added] = await actions();
  expect(added).toMatchObject({ actor: userInfo().username, claimed_actor: expect.stringMatching(/^mallory.{249}$/) });
});

test('`actions` shows and filters them, for people and for programs; what removed tenants were told stays', async () => {
  await rollcall(...addArguments(other));
  await rollcall('sync', 'hr-roster', '--tenant', own.data.tenantId);
  await rollcall('tenants', 'remove', other.name, '--confirm', other.name);
  const [run] = await runs();
  const ofTask = (out: string) =>
    out
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).action);
  const listed = async (...args: string[]) => ofTask((await rollcall('actions', '--json', ...args)).out);
  expect(await listed()).toEqual(['tenants remove', 'sync', 'tenants add']);
  expect(await listed('--tenant', other.data.tenantId)).toEqual(['tenants remove', 'tenants add']);
  expect(await listed('--action', 'sync')).toEqual(['sync']);
  expect(await listed('--run', run!.id)).toEqual(['sync']);
  expect(await listed('--limit', '1')).toEqual(['tenants remove']);
  expect(await listed('--since', '1h')).toHaveLength(3);
  expect(await listed('--until', '1h')).toEqual([]);
  const { out, code } = await rollcall('actions');
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(userInfo().username) });
  refuseSecrets(JSON.stringify(await actions()), 'the operator actions');
});

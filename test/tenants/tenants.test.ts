import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emulator } from '../../src/emulator/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';
import {
  addArguments,
  keep,
  secretsOf,
  tenantNumber,
  withoutTenant,
  variableOf,
  type TestTenant,
} from '../support/setup/tenants.js';

let tenants: TestTenant[];
let emulator: Emulator;
let database: TestDatabase;
let environment: Record<string, string>;
let folder: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  tenants = [1, 2, 3].map((number) => tenantNumber(number));
  emulator = await startTestEmulator({ tenants: tenants.map(({ data }) => data) });
  database = await createTestDatabase(embedded());
  const secrets = await secretsOf(tenants);
  const settings = await settingsFor(emulator, tenants[0]!.data);
  environment = { ...withoutTenant(settings.environment), ...secrets.environment, DATABASE_URL: database.url };
  folder = secrets.folder;
  closing.push(
    () => emulator.close(),
    secrets.remove,
    settings.remove,
    () => database.drop(),
  );
});
afterAll(async () => {
  for (const close of closing) await close();
});
afterEach(() => database.pool.query('delete from rollcall_data.tenants'));

const json = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

const names = async () =>
  (await database.rows<{ name: string }>('select name from rollcall_data.tenants order by 1')).map(({ name }) => name);

test('a tenant is added, shown, changed and listed; its secret is nowhere', async () => {
  const [first] = tenants;
  const added = await runHere(addArguments(first!, '--domain-names', 'B.example,a.example', '--json'), environment);
  expect(added).toMatchObject({ code: 0, err: '' });
  expect(json(added.out)).toEqual([
    expect.objectContaining({
      name: 'company-1',
      tenant_id: first!.data.tenantId,
      credential: 'secret',
      secret_ref: `env:${variableOf('company-1')}`,
      domain_names: ['a.example', 'b.example'],
      include_guests: false,
      include_agents: false,
      state: 'enabled',
    }),
  ]);
  const args = [
    '--include-guests',
    'yes',
    '--include-agents',
    'yes',
    '--schedule-nightly',
    '0 5 * * *',
    '--domain-names',
    'none',
  ];
  expect(await runHere(['tenants', 'update', 'company-1', ...args], environment)).toMatchObject({ code: 0, err: '' });
  const shown = await runHere(['tenants', 'show', first!.data.tenantId, '--json'], environment);
  expect(json(shown.out)).toEqual([
    expect.objectContaining({
      include_guests: true,
      include_agents: true,
      domain_names: [],
      schedule_nightly: '0 5 * * *',
      cloud: null,
    }),
  ]);
  expect(await database.rows('select include_guests, include_agents from rollcall.tenants')).toEqual([
    { include_guests: true, include_agents: true },
  ]);
  expect(await runHere(['tenants', 'list'], environment)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/company-1 .* secret .* enabled/),
  });
  expect(await runHere(['doctor', '--tenant', 'company-1'], environment)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/\nTenant company-1\n[^]*ok {7}token +obtained by the client secret/),
  });
});

test.each([
  ['a secret in place of its reference', ['--secret-ref', 'hunter2~value'], 'never the secret itself', 2],
  ['a secret as a value', ['--client-secret', 'hunter2~value'], 'where the secret is', 2],
  ['a secret behind an equals sign', ['--client-secret=hunter2~value'], 'where the secret is', 2],
  ['a variable that is not set', ['--secret-ref', 'env:NO_SUCH_VARIABLE'], 'NO_SUCH_VARIABLE is not set', 1],
  ['a file that is not there', ['--secret-ref', 'file:/no/such/file'], 'ENOENT', 1],
  ['an unknown application', ['--client-id', '99999999-9999-4999-8999-999999999999'], 'AADSTS700016', 1],
  ['an unknown tenant', ['--tenant-id', '99999999-9999-4999-8999-999999999999'], 'AADSTS90002', 1],
  ['a bad pattern', ['--schedule-nightly', 'daily'], 'a cron pattern such as', 2],
  ['a managed identity with a secret', ['--credential', 'managed-identity'], 'a managed identity has no secret', 2],
])('%s is refused, and nothing is kept', async (_, args, expected, exitCode) => {
  const { code, out, err } = await runHere([...addArguments(tenants[0]!), ...args], environment);
  expect({ code, out }).toEqual({ code: exitCode, out: '' });
  expect(err).toContain(expected);
  expect(err).not.toContain('hunter2');
  expect(await names()).toEqual([]);
});

test('with --force a tenant that cannot be read is saved anyway, and changed', async () => {
  const args = [...addArguments(tenants[0]!), '--secret-ref', 'env:NOT_YET', '--force'];
  const { code, err } = await runHere(args, environment);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('NOT_YET is not set') });
  expect(await names()).toEqual(['company-1']);
  const change = ['tenants', 'update', 'company-1', '--secret-ref', 'env:NOR_YET'];
  const kept = () => database.rows('select secret_ref as is from rollcall_data.tenants');
  expect(await runHere(change, environment)).toMatchObject({ code: 1 });
  expect(await kept()).toEqual([{ is: 'env:NOT_YET' }]);
  expect(await runHere([...change, '--force'], environment)).toMatchObject({ code: 0 });
  expect(await kept()).toEqual([{ is: 'env:NOR_YET' }]);
});

test('a name and a directory belong to one tenant each', async () => {
  await keep(database, [tenants[0]!]);
  expect(await runHere(addArguments(tenants[0]!), environment)).toMatchObject({ code: 2 });
  expect(await runHere(addArguments({ ...tenants[1]!, name: 'company-1' }), environment)).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is a tenant company-1'),
  });
});

test('a removal asks for the name, and refuses what would come back', async () => {
  const [one] = tenants;
  await keep(database, [one!]);
  for (const more of [[], ['--confirm', 'company-2'], ['--confirm', '']]) {
    expect(await runHere(['tenants', 'remove', 'company-1', ...more], environment)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('Nothing was removed'),
    });
  }
  const own = {
    AZURE_TENANT_ID: one!.data.tenantId,
    AZURE_CLIENT_ID: one!.application.clientId,
    AZURE_CLIENT_SECRET: one!.secret,
  };
  expect(
    await runHere(['tenants', 'remove', 'company-1', '--confirm', 'company-1'], { ...environment, ...own }),
  ).toMatchObject({ code: 2, err: expect.stringContaining('configured by the environment') });
  expect(await names()).toEqual(['company-1']);
  expect(await runHere(['tenants', 'remove', 'company-9', '--confirm', 'company-9'], environment)).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no tenant company-9'),
  });
});

test('where every tenant is disabled, sync says how to enable one', async () => {
  await keep(database, [tenants[0]!], { disabled: true });
  expect(await runHere(['sync'], environment)).toMatchObject({
    code: 1,
    err: expect.stringContaining('rollcall tenants enable "company-1"'),
  });
});

test('without any tenant, sync and worker say how to describe one', async () => {
  for (const command of ['sync', 'worker']) {
    expect(await runHere([command], environment)).toMatchObject({
      code: 2,
      err: expect.stringContaining('rollcall tenants add'),
    });
  }
});

describe('a file', () => {
  const entry = ({ name, data, application }: TestTenant, more = '') =>
    `- { name: ${name}, tenant_id: ${data.tenantId}, client_id: ${application.clientId}, secret_ref: 'env:${variableOf(name)}'${more} }\n`;
  const fileOf = async (text: string) => {
    const path = join(folder, 'tenants.yaml');
    await writeFile(path, `tenants:\n${text.replace(/^/gm, '  ')}`);
    return path;
  };
  const apply = async (text: string, ...args: string[]) =>
    runHere(['tenants', 'apply', ...args], { ...environment, ROLLCALL_TENANTS: await fileOf(text) });

  test('makes the tenants its own: what differs is printed, and the second time nothing does', async () => {
    const [one, two, three] = tenants;
    await keep(database, [one!]);
    const text = entry(one!, ', include_guests: true') + entry(two!) + entry(three!, ', disabled: true');
    const first = await apply(text);
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /~ company-1 .*\n {4}include_guests: false → true\n\+ company-2 [^]*\+ company-3 [^]*disabled: true/,
      ),
    });
    expect(await names()).toEqual(['company-1', 'company-2', 'company-3']);
    expect(await apply(text)).toMatchObject({ code: 0, out: 'Nothing differs.\n' });
  });

  test('removes nobody unless that is said', async () => {
    const [one, two] = tenants;
    await keep(database, [one!]);
    await keep(database, [two!]);
    expect(await apply(entry(one!))).toMatchObject({
      code: 2,
      out: expect.stringMatching(/^- company-2 /),
      err: expect.stringContaining('--remove'),
    });
    expect(await names()).toEqual(['company-1', 'company-2']);
    expect(await apply(entry(one!), '--remove')).toMatchObject({ code: 0 });
    expect(await names()).toEqual(['company-1']);
  });

  test('with a tenant that cannot be read changes nothing, unless that is forced; nor does a dry run', async () => {
    const [one, two] = tenants;
    const text = entry(one!) + entry(two!).replace(variableOf('company-2'), 'NOT_YET');
    const missing = expect.stringContaining('NOT_YET is not set');
    expect(await apply(text)).toMatchObject({ code: 1, err: missing });
    expect(await apply(text, '--dry-run', '--force')).toMatchObject({ code: 0, err: '' });
    expect(await names()).toEqual([]);
    expect(await apply(text, '--force')).toMatchObject({ code: 0, err: missing });
    expect(await names()).toEqual(['company-1', 'company-2']);
  });

  test('that is wrong changes nothing; every fault is named, and no value is repeated', async () => {
    const text =
      entry(tenants[0]!) + entry({ ...tenants[1]!, name: 'company-1' }) + '- { name: x, client_secret: hunter2 }\n';
    const { code, out, err } = await apply(text);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('tenants.2.tenant_id');
    expect(err).toContain('client_secret');
    expect(err).not.toContain('hunter2');
    const twice = await apply(entry(tenants[0]!) + entry({ ...tenants[1]!, name: 'company-1' }));
    expect(twice.err).toContain('tenants.1.name: two tenants have this one');
    expect(await apply('- { name: [hunter2')).toMatchObject({ code: 2, err: expect.stringContaining('is not YAML') });
    expect(await names()).toEqual([]);
  });
});

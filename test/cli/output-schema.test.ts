import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Command } from 'commander';
import { createContext } from '../../src/cli/context.js';
import { createProgram } from '../../src/cli/program.js';
import { sampleTenant, type Emulator, type TenantData } from '../../src/emulator/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';
import { usersOf } from '../support/setup/world.js';

const file = fileURLToPath(new URL('../../schemas/output.schema.json', import.meta.url));
const published = JSON.parse(readFileSync(file, 'utf8')) as { $defs: Record<string, object> };
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema(published, 'output');

const program = createProgram(
  createContext({
    environment: {},
    out: process.stdout,
    err: process.stderr,
    signal: new AbortController().signal,
    setExitCode() {},
  }),
);
const all = (command: Command, path = ''): [string, Command][] =>
  command.commands.flatMap((each) => [
    [`${path} ${each.name()}`.trim(), each] as [string, Command],
    ...all(each, each.name()),
  ]);

test('every command with --json has a published schema, and every schema a command', () => {
  const withJson = all(program).filter(([, each]) => each.options.some(({ long }) => long === '--json'));
  expect(Object.keys(published.$defs).sort()).toEqual(withJson.map(([name]) => name).sort());
});

describe('What is printed with --json is as the schema says', () => {
  let tenant: TenantData;
  let emulator: Emulator;
  let database: TestDatabase;
  let settings: Awaited<ReturnType<typeof settingsFor>>;
  const seen = new Set<string>();
  beforeAll(async () => {
    tenant = sampleTenant();
    emulator = await startTestEmulator({ tenants: [tenant] });
    database = await createTestDatabase(embedded());
    settings = await settingsFor(emulator, tenant);
  });
  afterAll(async () => {
    await emulator.close();
    await database.drop();
    await settings.remove();
  });

  /** Runs a command with --json and checks each of its lines. */
  async function lines(command: string, ...args: string[]): Promise<Record<string, unknown>[]> {
    const environment = { ...settings.environment, DATABASE_URL: database.url };
    const { out, err } = await runHere([...command.split(' '), ...args, '--json'], environment);
    const found = out
      .split('\n')
      .filter(Boolean)
      .map((line): Record<string, unknown> => JSON.parse(line));
    const validate = ajv.getSchema(`output#/$defs/${encodeURIComponent(command)}`)!;
    for (const line of found) {
      const valid = validate(line);
      expect({ command, line: valid ? {} : line, errors: valid ? null : validate.errors }).toMatchObject({
        errors: null,
      });
    }
    if (found.length > 0) seen.add(command);
    else expect({ command, err }).toEqual({ command, err: '' });
    return found;
  }

  test('of every command', async () => {
    await lines('migrate');
    await lines('sync', 'hr-roster', '--dry-run', '--verbose');
    await lines('sync', 'hr-roster', 'sso-access');
    emulator.faults.add(
      {
        path: '/v1.0/servicePrincipals?',
        action: { kind: 'patch', operations: [{ op: 'replace', path: '/value/3/displayName', value: 7 }] },
      },
      { path: '/v1.0/auditLogs/signIns', times: 'always', action: { kind: 'reply', status: 403, body: {} } },
    );
    for (const { id } of usersOf(tenant).slice(0, 60)) tenant.users.softDelete(String(id));
    const [held] = await lines('sync', 'hr-roster', '--full');
    await lines('sync', 'application-discovery');
    const [failed] = await lines('sync', 'sso-access');
    await lines('status');
    await lines('runs');
    await lines('runs', String(failed!['id']));
    await lines('jobs');
    await lines('quarantine');
    await lines('access-log');
    await lines('actions');
    await lines('query', 'select 1 as one');
    await lines('doctor');
    emulator.faults.clear();
    await lines('replay', String(failed!['id']));
    expect(held).toMatchObject({ outcome: 'held' });
    await lines('release', String(held!['id']));
    for (const { id } of usersOf(tenant).slice(0, 60)) tenant.users.softDelete(String(id));
    const [again] = await lines('sync', 'hr-roster', '--full');
    await lines('discard', String(again!['id']));
    await database.rows(
      "insert into rollcall_data.runs (id, tenant_id, task, outcome) values (gen_random_uuid(), $1, 'sso-roster', 'running')",
      [tenant.tenantId],
    );
    const [open] = await database.rows<{ id: string }>("select id from rollcall_data.runs where outcome = 'running'");
    await lines('cancel', open!.id);
    const id = randomUUID();
    await lines(
      'tenants add',
      'contoso',
      '--tenant-id',
      id,
      '--client-id',
      randomUUID(),
      '--secret-ref',
      'env:NOPE',
      '--force',
    );
    await lines('tenants show', 'contoso');
    await lines('tenants update', 'contoso', '--include-guests', 'yes');
    await lines('tenants disable', 'contoso');
    await lines('tenants enable', 'contoso');
    await lines('tenants list');
    await lines('status');
    const path = join(settings.home, 'tenants.yaml');
    await writeFile(path, `tenants: [{ name: fabrikam, tenant_id: ${id}, client_id: x, secret_ref: 'env:NOPE' }]`);
    await lines('tenants apply', path, '--dry-run');
    await lines('tenants remove', 'contoso', '--confirm', 'contoso');
    await lines('demo');
    expect([...seen].sort()).toEqual(Object.keys(published.$defs).sort());
  });
});

describe('Completion', () => {
  const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
  const script = async (shell: string) => (await runHere(['completion', shell], {})).out;

  test.each(['bash', 'zsh', 'fish'])('of %s knows every command and every option', async (shell) => {
    const text = await script(shell);
    for (const [name, command] of all(program)) {
      expect(text).toContain(name.split(' ').at(-1));
      for (const { long, hidden } of command.options)
        if (!hidden) expect(text).toContain(shell === 'fish' ? `-l ${long!.slice(2)} ` : long);
    }
  });

  (has('bash') ? test : test.skip).each([
    ['rollcall st', 'status'],
    ['rollcall sync hr', 'hr-roster'],
    ['rollcall tenants ad', 'add'],
    ['rollcall tenants add --secret', '--secret-ref'],
    ['rollcall runs --outc', '--outcome'],
  ])('in bash, %j becomes %s', async (typed, expected) => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-completion-'));
    await writeFile(join(folder, 'rollcall'), await script('bash'));
    const words = typed.split(' ');
    const { stdout, stderr } = spawnSync(
      'bash',
      [
        '-c',
        `source ${join(folder, 'rollcall')}; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _rollcall; echo "\${COMPREPLY[*]}"`,
      ],
      { encoding: 'utf8' },
    );
    await rm(folder, { recursive: true });
    expect({ stdout, stderr }).toEqual({ stdout: `${expected}\n`, stderr: '' });
  });
});

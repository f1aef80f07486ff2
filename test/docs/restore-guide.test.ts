import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  hasDebianPostgres,
  startDebianPostgres,
  tool,
  type DebianPostgres,
} from '../support/servers/debian-postgres.js';

const DOCUMENT = fileURLToPath(new URL('../../docs/operating.md', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/bundle/main.js', import.meta.url));
const COMMANDS = /^### ([^\n]+)\n((?:(?!^#)[\s\S])*?)(?=^#|(?![\s\S]))/gm;

const describeHere = hasDebianPostgres ? describe : describe.skip;

describeHere('the chapter on backups', () => {
  let server: DebianPostgres;
  let home: string;
  let commands: ReadonlyMap<string, readonly string[]>;
  const id = randomUUID();
  beforeAll(async () => {
    server = await startDebianPostgres();
    home = await mkdtemp(join(tmpdir(), 'rollcall-guide-'));
    await writeFile(join(home, 'rollcall'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    await chmod(join(home, 'rollcall'), 0o755);
    const [, chapter = ''] = (await readFile(DOCUMENT, 'utf8')).split('## Backup, restore, copy, upgrade\n');
    commands = new Map(
      [...chapter.split('\n## ')[0]!.matchAll(COMMANDS)].map(([, title = '', text = '']) => [
        title,
        [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block),
      ]),
    );
    await server.query('create role app login createrole');
    for (const name of ['original', 'restored', 'administered', 'copied'])
      await server.query(`create database ${name} owner app`);
    shell('rollcall migrate');
    await server.query(
      `insert into rollcall_data.tenants (tenant_id, name, client_id, credential, include_guests, include_agents, domain_names, role)
       values ('${id}', 'acme', 'x', 'managed-identity', false, false, '{}', 'acme')`,
      'original',
    );
    shell('rollcall migrate');
  });
  afterAll(async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  });

  function shell(command: string, environment: Record<string, string> = {}) {
    const path = [home, dirname(tool('pg_dump')), '/usr/bin', '/bin'].join(delimiter);
    const own = { PATH: path, DATABASE_URL: server.url('app', 'original'), ROLLCALL_HOME: join(home, 'data') };
    return spawnSync('sh', ['-c', command], { cwd: home, env: { ...own, ...environment }, encoding: 'utf8' });
  }

  /** Runs what stands under a heading. */
  function follow(title: string, environment: Record<string, string> = {}): void {
    const blocks = commands.get(title) ?? [];
    expect([title, blocks.length]).not.toEqual([title, 0]);
    for (const block of blocks) {
      const { status, stdout, stderr } = shell(block, environment);
      expect([block, status, stdout + stderr]).toEqual([block, 0, expect.any(String)]);
    }
  }

  const idOf = async (name: string) =>
    (await server.query('select id from rollcall_data.installation', name))[0]!['id'];

  async function expectInOrder(name: string): Promise<void> {
    const owners = await server.query(
      "select distinct pg_get_userbyid(relowner)::text as owner from pg_class where relnamespace = 'rollcall'::regnamespace",
      name,
    );
    expect(owners).toEqual([{ owner: 'rollcall_views' }]);
    const rights = await server.query("select has_table_privilege('acme', 'rollcall.runs', 'select') as may", name);
    expect(rights).toEqual([{ may: true }]);
    expect(await server.query('select tenant_id from rollcall_data.tenants', name)).toEqual([{ tenant_id: id }]);
  }

  test('each way of it ends with a database in order', async () => {
    follow('Back up');
    follow('Restore with the role of the worker', { NEW_DATABASE_URL: server.url('app', 'restored') });
    await expectInOrder('restored');
    follow('Restore as a superuser', {
      ADMIN_URL: server.url('postgres', 'administered'),
      NEW_DATABASE_URL: server.url('app', 'administered'),
    });
    await expectInOrder('administered');
    const before = await idOf('original');
    follow('Make a copy', { COPY_URL: server.url('app', 'copied') });
    await expectInOrder('copied');
    expect(await idOf('copied')).not.toBe(before);
    follow('Upgrade');
    expect(await idOf('original')).toBe(before);
  });
});

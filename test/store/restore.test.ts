import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { examineSecurity, migrate, openDatabase } from '../../src/store/index.js';
import { silent } from '../support/servers/database.js';
import {
  hasDebianPostgres,
  startDebianPostgres,
  tool,
  type DebianPostgres,
} from '../support/servers/debian-postgres.js';

const describeHere = hasDebianPostgres ? describe : describe.skip;

/** The role of a worker: no superuser, as on managed servers. */
const APP = `create role app login createrole`;
const TENANTS = [
  { role: 'acme', id: randomUUID() },
  { role: 'beta', id: randomUUID() },
];

describeHere('after a restore or a change by hand', () => {
  let home: string;
  let dump: string;
  let source: DebianPostgres;
  let empty: DebianPostgres;
  let databases = 0;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'rollcall-restore-'));
    dump = join(home, 'rollcall.dump');
    [source, empty] = await Promise.all([startDebianPostgres(), startDebianPostgres()]);
    await source.query(APP);
    await empty.query(APP);
    await source.query('create database source owner app');
    const database = await openDatabase({ url: source.url('app', 'source'), log: silent });
    await migrate(database);
    for (const { role, id } of TENANTS) {
      await database.pool.query(
        `insert into rollcall_data.tenants (tenant_id, name, client_id, credential, include_guests, include_agents, domain_names, role)
         values ($1, $2, 'x', 'managed-identity', false, false, '{}', $2)`,
        [id, role],
      );
      await database.pool.query(`insert into rollcall_data.runs (id, tenant_id, task) values ($1, $2, 'hr-roster')`, [
        randomUUID(),
        id,
      ]);
    }
    // The roles of the tenants are made, and let in.
    await migrate(database);
    await database.close();
    run('pg_dump', '--format=custom', `--file=${dump}`, source.url('app', 'source'));
  });
  afterAll(async () => {
    await Promise.all([source.stop(), empty.stop()]);
    await rm(home, { recursive: true, force: true });
  });

  /** @returns what the tool says; a restore without its roles says a lot */
  function run(name: string, ...args: string[]): string {
    const { stderr, error } = spawnSync(tool(name), args, { encoding: 'utf8' });
    if (error !== undefined) throw error;
    return stderr;
  }

  async function newDatabase(server: DebianPostgres): Promise<string> {
    const name = `restored_${(databases += 1)}`;
    await server.query(`create database ${name} owner app`);
    return name;
  }

  /** The tenants that a member of a role sees in some views. */
  async function seenAs(server: DebianPostgres, name: string, role: string): Promise<string[]> {
    const client = new Client({ connectionString: server.url('postgres', name) });
    await client.connect();
    try {
      await client.query(`set session authorization ${role}`);
      const { rows } = await client.query<{ id: string }>(
        'select tenant_id as id from rollcall.runs union select tenant_id from rollcall.tenants order by 1',
      );
      return rows.map(({ id }) => id);
    } finally {
      await client.end();
    }
  }

  /** Opens the database as a worker does, or as an administrator. @returns why that is refused */
  async function migrateAs(role: string, server: DebianPostgres, name: string): Promise<string | undefined> {
    const database = await openDatabase({ url: server.url(role, name), log: silent });
    try {
      const refusal = await migrate(database).then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      const { faults } = await examineSecurity(database);
      expect(faults.length > 0).toBe(role === 'app' && byAdministrator(name));
      return refusal;
    } finally {
      await database.close();
    }
  }

  /** Databases in which a superuser has made views that the worker may not change. */
  const foreign = new Set<string>();
  const byAdministrator = (name: string) => foreign.has(name);

  /** Opens the database as a worker does, and looks at it as everybody who may read it. */
  async function expectInOrder(server: DebianPostgres, name: string): Promise<void> {
    const refusal = await migrateAs('app', server, name);
    if (byAdministrator(name)) await migrateAs('postgres', server, name);
    else expect(refusal).toBeUndefined();
    // Whoever repaired it, the worker can do its work and the next repair.
    foreign.delete(name);
    expect(await migrateAs('app', server, name)).toBeUndefined();
    for (const { role, id } of TENANTS) expect([role, await seenAs(server, name, role)]).toEqual([role, [id]]);
    expect(await seenAs(server, name, 'rollcall_analyst')).toEqual(TENANTS.map(({ id }) => id).sort());
  }

  const ways = [
    ['as a superuser', 'postgres', []],
    ['as a superuser, with --no-owner', 'postgres', ['--no-owner', '--role=app']],
    ['as the role of the worker', 'app', []],
    ['as the role of the worker, with --no-owner', 'app', ['--no-owner']],
    ['as the role of the worker, with --no-owner --no-acl', 'app', ['--no-owner', '--no-acl']],
  ] as const;

  test.each(ways)('every role sees its own rows: restored %s, on a server that has the roles', async (_, as, flags) => {
    const name = await newDatabase(source);
    run('pg_restore', ...flags, `--dbname=${source.url(as, name)}`, dump);
    await expectInOrder(source, name);
  });

  test.each(ways)('every role sees its own rows: restored %s, on a server without the roles', async (_, as, flags) => {
    await empty.query('drop role if exists acme, beta, rollcall_analyst, rollcall_views');
    const name = await newDatabase(empty);
    run('pg_restore', ...flags, `--dbname=${empty.url(as, name)}`, dump);
    if (as === 'postgres' && flags.length === 0) foreign.add(name);
    await expectInOrder(empty, name);
    await empty.query(`drop database ${name}`);
  });

  test.each([
    ['the views are given to the worker', 'reassign owned by rollcall_views to app'],
    [
      'a view is made again',
      'drop view rollcall.runs cascade; create view rollcall.runs as select * from rollcall_data.runs; grant select on rollcall.runs to acme',
    ],
    ['a view is made to ask for the rights of its reader', 'alter view rollcall.runs set (security_invoker = true)'],
    ['row-level security is switched off', 'alter table rollcall_data.runs disable row level security'],
    ['row-level security binds the worker', 'alter table rollcall_data.runs force row level security'],
    ['a policy is dropped', 'drop policy own_tenant on rollcall_data.runs'],
    ['a policy lets everybody in', 'create policy for_all on rollcall_data.runs using (true)'],
    ['a policy keeps its name and changes its meaning', 'alter policy own_tenant on rollcall_data.runs using (true)'],
    ['a policy hides rows', 'create policy hidden on rollcall_data.runs as restrictive using (false)'],
    ['a right of the views is taken away', 'revoke select on rollcall_data.runs from rollcall_views'],
    [
      'rights of readers are taken away',
      'revoke all on all tables in schema rollcall from acme, rollcall_analyst; revoke usage on schema rollcall from beta',
    ],
    ['functions are everybody’s no longer', 'revoke execute on all functions in schema rollcall_data from public'],
  ])('every role sees its own rows: %s', async (_, change) => {
    const name = await newDatabase(source);
    run('pg_restore', `--dbname=${source.url('postgres', name)}`, dump);
    await source.query(change, name);
    if (change.includes('create view')) foreign.add(name);
    await expectInOrder(source, name);
  });

  test('a view that the worker cannot repair stops it, with the roles that could see too much, and an administrator can', async () => {
    const name = await newDatabase(source);
    run('pg_restore', `--dbname=${source.url('postgres', name)}`, dump);
    await source.query(
      'drop view rollcall.runs cascade; create view rollcall.runs as select * from rollcall_data.runs; grant select on rollcall.runs to acme',
      name,
    );
    foreign.add(name);
    expect(await migrateAs('app', source, name)).toBe('database_unsafe');
  });

  test.each([
    ['is a superuser', 'alter role acme superuser', 'alter role acme nosuperuser'],
    [
      'sees all rows as a member of rollcall_analyst',
      'grant rollcall_analyst to acme',
      'revoke rollcall_analyst from acme',
    ],
    ['is above row-level security', 'alter role acme bypassrls', 'alter role acme nobypassrls'],
  ])('a worker does not start while the role of a tenant %s', async (_, change, back) => {
    const name = await newDatabase(source);
    run('pg_restore', `--dbname=${source.url('postgres', name)}`, dump);
    await source.query(change);
    const database = await openDatabase({ url: source.url('app', name), log: silent });
    try {
      await expect(migrate(database)).rejects.toMatchObject({
        code: 'database_unsafe',
        message: expect.stringContaining('acme'),
      });
    } finally {
      await database.close();
      await source.query(back);
    }
  });

  test('tables of another owner are named, with both roles', async () => {
    const name = await newDatabase(source);
    run('pg_restore', '--no-owner', `--dbname=${source.url('postgres', name)}`, dump);
    await source.query(
      `grant all on schema rollcall, rollcall_data, rollcall_staging to app; grant all on all tables in schema rollcall_data to app`,
      name,
    );
    const database = await openDatabase({ url: source.url('app', name), log: silent });
    try {
      await expect(migrate(database)).rejects.toMatchObject({
        code: 'database_failed',
        message: expect.stringMatching(/belongs to postgres, and app is no member/),
      });
    } finally {
      await database.close();
    }
  });
});

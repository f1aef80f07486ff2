import { Client } from 'pg';
import { sampleTenant, type Emulator } from '../../src/emulator/index.js';
import { migrateQueue } from '../../src/jobs/queue/open.js';
import { migrate, openDatabase, type Database } from '../../src/store/index.js';
import { silent } from '../support/servers/database.js';
import { hasDebianPostgres, startDebianPostgres, type DebianPostgres } from '../support/servers/debian-postgres.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';
import { until } from '../support/until.js';

const describeHere = hasDebianPostgres ? describe : describe.skip;

describeHere('on a server whose administrator is careful', () => {
  const tenant = sampleTenant();
  let server: DebianPostgres;
  let emulator: Emulator;
  let settings: Awaited<ReturnType<typeof settingsFor>>;
  let databases = 0;
  beforeAll(async () => {
    [server, emulator] = await Promise.all([startDebianPostgres(), startTestEmulator({ tenants: [tenant] })]);
    settings = await settingsFor(emulator, tenant);
    await server.query('create role app login createrole');
    await server.query('create role nobody login');
  });
  afterAll(async () => {
    await Promise.all([server.stop(), emulator.close(), settings.remove()]);
  });

  /** A database of the administrator's, which the worker's role may connect to. */
  async function newDatabase(): Promise<string> {
    const name = `careful_${(databases += 1)}`;
    await server.query(`create database ${name}`);
    return name;
  }

  const rollcall = (name: string, ...args: string[]) =>
    runHere(args, { ...settings.environment, DATABASE_URL: server.url('app', name) });

  async function opened<T>(name: string, work: (database: Database) => Promise<T>): Promise<T> {
    const database = await openDatabase({ url: server.url('app', name), log: silent });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  /** A session of a role that does something and stays. */
  async function holding<T>(role: string, name: string, sql: string, work: (pid: number) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: server.url(role, name) });
    await client.connect();
    try {
      await client.query(sql);
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      return await work(rows[0]!.pid);
    } finally {
      await client.end();
    }
  }

  test('the right to create schemas is not needed once they are made', async () => {
    const name = await newDatabase();
    await server.query(`grant create on database ${name} to app`);
    expect(await rollcall(name, 'migrate')).toMatchObject({ code: 0 });
    await server.query(`revoke create on database ${name} from app`);
    expect(await rollcall(name, 'migrate')).toMatchObject({ code: 0, out: expect.stringContaining('up to date') });
    expect(await rollcall(name, 'sync')).toMatchObject({ code: 0 });
  });

  test('schemas that an administrator has made are used', async () => {
    const name = await newDatabase();
    for (const schema of ['rollcall', 'rollcall_data', 'rollcall_staging', 'bullmq'])
      await server.query(`create schema ${schema} authorization app`, name);
    expect(await rollcall(name, 'sync')).toMatchObject({ code: 0 });
    expect((await rollcall(name, 'doctor')).out).not.toMatch(/may not create/);
  });

  test('a right that is missing is named, with the role and the database', async () => {
    const name = await newDatabase();
    const { code, err } = await rollcall(name, 'migrate');
    expect(code).toBe(1);
    expect(err).toContain(`The role app lacks a right that a migration of the database ${name} needs`);
    expect(err).toContain(`permission denied for database ${name}`);
    expect(err).toContain(`grant create on database "${name}" to "app"`);
  });

  test('with three of four schemas made, the one that is missing is what the right is needed for', async () => {
    const name = await newDatabase();
    for (const schema of ['rollcall', 'rollcall_data', 'rollcall_staging'])
      await server.query(`create schema ${schema} authorization app`, name);
    const { code, err } = await rollcall(name, 'migrate');
    expect([code, err]).toEqual([1, expect.stringContaining(`permission denied for database ${name}`)]);
  });

  test('query asks a superuser’s server for rows and nothing else, with the rights of an analyst', async () => {
    const name = await newDatabase();
    await server.query(`grant create on database ${name} to app`);
    await rollcall(name, 'sync');
    const query = (sql: string) =>
      runHere(['query', sql], { ...settings.environment, DATABASE_URL: server.url('postgres', name) });
    expect(await query('(select count(*) > 0 as many from rollcall.hr_roster)')).toMatchObject({
      code: 0,
      out: 'many\ntrue\n',
    });
    for (const sql of [
      "copy (select 1) to program 'true'",
      "select pg_read_file('/etc/hostname')",
      'select pg_reload_conf()',
      "select pg_create_physical_replication_slot('kept')",
      '/* select */ do $$ begin reset role; perform pg_reload_conf(); end $$',
      'select * from rollcall_data.tenants',
    ])
      expect([sql, (await query(sql)).code]).toEqual([sql, 2]);
    expect(await server.query('select from pg_replication_slots')).toEqual([]);
    expect((await query('select pg_reload_conf()')).err).toContain('rollcall_analyst');
  });

  const LOCKS = [7_265_511, 7_265_512].map((key) => `select pg_advisory_lock(${key})`);

  test('a login without any right that holds advisory locks does not hold a migration up', async () => {
    const name = await newDatabase();
    await server.query(`grant create on database ${name} to app`);
    await holding('nobody', name, LOCKS.join(';'), () => opened(name, (database) => migrate(database)));
    await holding('nobody', name, LOCKS.join(';'), async () => {
      expect(await rollcall(name, 'sync')).toMatchObject({ code: 0 });
    });
  });

  const QUEUE_LOCK = "select pg_advisory_lock(1112886348, hashtext('bullmq'))";

  test('a wait for another session names its process and role, and a signal ends it', async () => {
    const name = await newDatabase();
    await server.query(`grant create on database ${name} to app`);
    const waits: [string, string, (database: Database, patience: object) => Promise<unknown>][] = [
      ['nobody', QUEUE_LOCK, (database, patience) => migrateQueue(database.pool, patience)],
      [
        'app',
        'begin; create schema rollcall_data; create table rollcall_data.migrations (id serial primary key, hash text not null, created_at bigint)',
        migrate,
      ],
    ];
    for (const [role, sql, work] of waits) {
      await holding(role, name, sql, (pid) =>
        opened(name, async (database) => {
          const stop = new AbortController();
          const said: string[] = [];
          const working = work(database, { signal: stop.signal, tell: (sentence: string) => said.push(sentence) });
          working.catch(() => {});
          await until(() => said.length > 0);
          stop.abort();
          await expect(working).rejects.toMatchObject({
            code: 'busy',
            message: expect.stringContaining(`process ${pid} of the role ${role}`),
          });
          expect(said[0]).toContain(`process ${pid} of the role ${role}`);
        }),
      );
    }
    // What was undone is done again once the other session has ended.
    expect(await rollcall(name, 'migrate')).toMatchObject({ code: 0 });
  });

  test('nothing is locked if there is nothing to migrate', async () => {
    const name = await newDatabase();
    await server.query(`grant create on database ${name} to app`);
    await rollcall(name, 'migrate');
    await holding(
      'app',
      name,
      `begin; lock table rollcall_data.migrations in share row exclusive mode; ${QUEUE_LOCK}`,
      async () => {
        expect(await rollcall(name, 'migrate')).toMatchObject({ code: 0, err: '' });
      },
    );
  });
});

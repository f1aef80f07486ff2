import { sampleTenant, type Emulator } from '../../src/emulator/index.js';
import { installationId, migrate, openDatabase } from '../../src/store/index.js';
import { expectedFunctions, expectedRelations } from '../../src/store/parts/expected-parts.js';
import { migrateQueue } from '../../src/jobs/queue/open.js';
import { silent } from '../support/servers/database.js';
import { hasDebianPostgres, startDebianPostgres, type DebianPostgres } from '../support/servers/debian-postgres.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { runHere, settingsFor } from '../support/rollcall.js';

const describeHere = hasDebianPostgres ? describe : describe.skip;

const givenAway = (schema: string) => `do $$ declare each regclass; begin
  for each in select oid from pg_class where relnamespace = '${schema}'::regnamespace and relkind in ('r', 'p') loop
    execute format('alter table %s owner to postgres', each);
  end loop;
end $$`;

describeHere('a database of which something was taken away', () => {
  let server: DebianPostgres;
  let emulator: Emulator;
  let settings: Awaited<ReturnType<typeof settingsFor>>;
  let databases = 0;
  beforeAll(async () => {
    const tenant = sampleTenant();
    [server, emulator] = await Promise.all([startDebianPostgres(), startTestEmulator({ tenants: [tenant] })]);
    settings = await settingsFor(emulator, tenant);
    await server.query('create role app login createrole');
    await server.query('create database whole owner app');
    const database = await openDatabase({ url: server.url('app', 'whole'), log: silent });
    await migrate(database);
    await migrateQueue(database.pool);
    await installationId(database);
    await database.close();
  });
  afterAll(async () => {
    await Promise.all([server.stop(), emulator.close(), settings.remove()]);
  });

  async function changed(change: string): Promise<string> {
    const name = `changed_${(databases += 1)}`;
    await server.query(`create database ${name} template whole owner app`);
    await server.query(change, name);
    return name;
  }
  const rollcall = (name: string, ...args: string[]) =>
    runHere(args, { ...settings.environment, DATABASE_URL: server.url('app', name) });

  test.each([
    [
      'a schema given to another role',
      'alter schema rollcall_staging owner to postgres',
      'rollcall_staging: app may not use the schema',
      'grant usage, create on schema rollcall_staging to app',
    ],
    [
      'the schema that tells of the migrations',
      'alter schema rollcall_data owner to postgres; revoke all on schema rollcall_data from rollcall_views',
      'rollcall_data: app may not use the schema',
      'grant usage, create on schema rollcall_data to app',
    ],
    [
      'a right to write',
      'revoke insert on rollcall_data.users from app',
      'rollcall_data.users: app may not read and write it',
      'grant all on table rollcall_data.users to app',
    ],
    [
      'tables without a tenant',
      'alter table rollcall_data.installation owner to postgres',
      'rollcall_data.installation: it belongs to postgres, and app is no member',
      'alter table rollcall_data.installation owner to app',
    ],
    [
      'all tables of runs',
      givenAway('rollcall_staging'),
      'rollcall_staging.locks: app may not read and write it',
      'grant all on table rollcall_staging.locks to app',
    ],
    [
      'the tables of the queue',
      givenAway('bullmq'),
      'bullmq.dedup: app may not read and write it',
      'grant all on table bullmq.dedup to app',
    ],
    [
      'a function of Postgres',
      'revoke execute on function pg_catalog.pg_advisory_lock(bigint) from public',
      'pg_advisory_lock(bigint): app may not call it',
      'grant execute on function pg_catalog.pg_advisory_lock(bigint) to app',
    ],
    ['a table', 'drop table rollcall_staging.turns', 'rollcall_staging.turns: it is missing', 'a whole backup'],
    [
      'a column',
      'alter table rollcall_staging.locks drop column since',
      'its column since is missing',
      'a whole backup',
    ],
    [
      'a primary key',
      'alter table rollcall_data.runs drop constraint runs_pkey cascade',
      'rollcall_data.runs: its primary key is missing',
      'a whole backup',
    ],
    [
      'the record of the migrations',
      'truncate rollcall_data.migrations',
      'no record of the migrations that made them',
      'Restore the whole backup',
    ],
  ])('%s: doctor and sync say what, and what to type, before anything starts', async (_, change, fault, remedy) => {
    const name = await changed(change);
    const doctor = await rollcall(name, 'doctor');
    expect([doctor.code, doctor.out]).toEqual([1, expect.stringContaining(fault)]);
    expect(doctor.out).toContain(remedy);
    const { code, out, err } = await rollcall(name, 'sync', 'hr-roster');
    expect([code, out, err]).toEqual([1, '', expect.stringContaining(fault)]);
    expect(err).toContain(remedy);
    expect(await runsIn(name)).toBe('0');
  });

  async function runsIn(name: string): Promise<unknown> {
    const database = await openDatabase({ url: server.url('postgres', name), log: silent });
    try {
      const { rows } = await database.pool.query<{ count: string }>('select count(*) from rollcall_data.runs');
      return rows[0]?.count;
    } finally {
      await database.close();
    }
  }

  test.each([
    ['rollcall_data.sees_all(name)', "returns boolean language sql stable as 'select true'", 'reader name'],
    ['rollcall_data.tenants_of(name)', "returns uuid[] language sql stable as 'select null::uuid[]'", 'reader name'],
    ['rollcall_data.is_own_tenant(text)', "returns boolean language sql immutable as 'select true'", 'policy text'],
    ['rollcall_data.guard_views()', "returns void language sql as 'select'", ''],
  ])(
    '%s, which row-level security depends on: if changed or missing, it is named and made again',
    async (name, as, given) => {
      const [plain] = name.split('(');
      for (const [change, fault] of [
        [`create or replace function ${plain}(${given}) ${as}`, 'it is not as Rollcall made it'],
        [`drop function ${name} cascade`, 'it is missing'],
      ] as const) {
        const database = await changed(change);
        expect((await rollcall(database, 'doctor')).out).toContain(`problem  tables`);
        const { code, err } = await rollcall(database, 'migrate');
        expect([code, err]).toEqual([0, expect.stringContaining(`${name}: ${fault}; made again`)]);
        expect((await rollcall(database, 'doctor')).out).not.toMatch(/^problem {2}(tables|rows)/m);
      }
    },
  );

  test('a missing view is named, and delays no run', async () => {
    const name = await changed('drop view rollcall.unused_access');
    expect((await rollcall(name, 'doctor')).out).toContain('rollcall.unused_access: it is missing');
    expect(await rollcall(name, 'sync', 'hr-roster')).toMatchObject({
      code: 0,
      err: expect.stringContaining('rollcall.unused_access: it is missing'),
    });
  });

  test('a database without an id gets one', async () => {
    expect(await rollcall(await changed('truncate rollcall_data.installation'), 'sync')).toMatchObject({ code: 0 });
  });

  test('a role that may not connect is refused in these words, and no tenant is reported missing', async () => {
    const name = await changed('select');
    await server.query(`alter database ${name} owner to postgres`);
    await server.query(`revoke connect on database ${name} from public`);
    const { AZURE_TENANT_ID: _, AZURE_CLIENT_ID: __, AZURE_CLIENT_SECRET: ___, ...rest } = settings.environment;
    const { code, out } = await runHere(['doctor'], { ...rest, DATABASE_URL: server.url('app', name) });
    expect([code, out]).toEqual([1, expect.stringContaining('the user may not connect to this database')]);
    expect(out).not.toContain('no tenant is configured');
  });
});

test('every table, view and function that the migrations leave is looked for', async () => {
  expect(expectedFunctions().map(({ name }) => name)).toEqual([
    'rollcall_data.sees_all(name)',
    'rollcall_data.tenants_of(name)',
    'rollcall_data.guard_views()',
    'rollcall_data.is_own_tenant(text)',
  ]);
  const schemas = new Set(expectedRelations().map(({ schema }) => schema));
  expect([...schemas].sort()).toEqual(['rollcall', 'rollcall_data', 'rollcall_staging']);
  expect(expectedRelations().filter(({ columns }) => columns.length === 0)).toEqual([]);
});

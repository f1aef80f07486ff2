import { migrate } from '../../src/store/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { requireKeptInStep } from '../support/kept-in-step.js';
import { migrateBefore } from '../support/migrate-before.js';

const TENANT = '5a3b1e00-0000-4000-8000-00000000c0de';
const USER = '11111111-1111-4111-8111-111111111111';
const ZERO = '00000000-0000-0000-0000-000000000000';
const APP = '99999999-9999-4999-8999-999999999999';
const ONE = 'fe7cc8c15246edcca289c9a4022762f7';
const OTHER = '0d1b4d1a2e3c4f5061728394a5b6c7d8';
let database: TestDatabase;

/** Sign-ins as an earlier version stored them: their totals count interrupts as failures, and all pseudonyms as one. */
beforeAll(async () => {
  database = await createTestDatabase(embedded(), { migrated: false });
  await migrateBefore(database, 'interrupts_and_pseudonyms');
  await database.pool.query(`
    create table rollcall_data.sign_in_events_20260301 partition of rollcall_data.sign_in_events
      for values from ('2026-03-01 00:00:00+00') to ('2026-03-02 00:00:00+00');
    insert into rollcall_data.users (tenant_id, user_id, email_aliases, anonymized, row_hash, first_seen_at, changed_at)
      values ('${TENANT}', '${USER}', '{}', false, gen_random_uuid(), now(), now());
    insert into rollcall_data.runs (id, tenant_id, task) values (gen_random_uuid(), '${TENANT}', 'sso-access');
    insert into rollcall_staging.checkpoints (run_id, attempt, state, tenant_id, task)
      select id, 1, '{}', tenant_id, task from rollcall_data.runs`);
  await events(USER, false, [
    ['ada@contoso.com', 0],
    ['ada@contoso.com', 50074],
    ['ada@contoso.com', 50140],
    [' ', 50126],
    ['ada@contoso.com', null],
  ]);
  await events(ZERO, true, [
    [ONE, 0],
    [ONE.toUpperCase(), 0],
    [OTHER, 50074],
    [`${OTHER} `, 0],
    ['', 0],
    [null, 50126],
  ]);
  // Its events are dropped: three logins of whoever it was.
  await database.pool.query(
    `insert into rollcall_data.sign_in_archive values ($1, $2, $3, true, 3, 1, '2026-02-01', ' , Oslo, NO', '2026-02-01', $4, 'App ')`,
    [TENANT, ZERO, APP, OTHER],
  );
  await database.pool.query(`
    insert into rollcall_data.sign_in_totals
    select tenant_id, user_id, application_id, anonymized, sum(logins), sum(failures), max(last_login), max(location), max(at), max(name), max(app)
    from (
      select tenant_id, user_id, application_id, anonymized, (error_code is not distinct from 0)::int as logins,
             coalesce(error_code <> 0, false)::int as failures, case when error_code = 0 then created_at end as last_login,
             location, created_at as at, user_principal_name as name, application_name as app
      from rollcall_data.sign_in_events
      union all select tenant_id, user_id, application_id, anonymized, login_count, failed_count, last_login, login_location,
             last_sign_in, user_principal_name, application_name from rollcall_data.sign_in_archive) parts
    group by tenant_id, user_id, application_id, anonymized`);
  await database.pool.query(`
    grant usage on schema rollcall to public;
    grant select on rollcall.sso_access, rollcall.suspicious_access to public;
    grant select on rollcall.sso_access to rollcall_analyst with grant option`);
  await migrate(database);
});
afterAll(() => database.drop());

async function events(userId: string, anonymized: boolean, told: readonly (readonly [string | null, number | null])[]) {
  for (const [index, [name, errorCode]] of told.entries()) {
    await database.pool.query(
      `insert into rollcall_data.sign_in_events (tenant_id, user_id, application_id, anonymized, event_id, created_at,
         user_principal_name, application_name, error_code, location, row_hash)
       values ($1, $2, $3, $4, $5, $6, $7, ' App', $8, ' , Oslo,  NO', gen_random_uuid())`,
      [TENANT, userId, APP, anonymized, `${userId} ${index}`, `2026-03-01T12:00:0${index}Z`, name, errorCode],
    );
  }
}

const counts = `login_count::int as logins, interrupted_count::int as interrupts, failed_count::int as failures`;

test('interrupts are taken out of the failures of a person', async () => {
  expect(
    await database.rows(
      `select ${counts}, application_name as app, login_location from rollcall.sso_access where not anonymized`,
    ),
  ).toEqual([{ logins: 1, interrupts: 2, failures: 1, app: 'App', login_location: 'Oslo, NO' }]);
});

test('each pseudonym has a row, that of dropped events under the name they had', async () => {
  expect(
    await database.rows(`
      select user_principal_name as name, ${counts}, login_location from rollcall.suspicious_access
      order by lower(user_principal_name) collate "C" nulls last`),
  ).toEqual([
    { name: OTHER, logins: 4, interrupts: 1, failures: 1, login_location: 'Oslo, NO' },
    { name: ONE.toUpperCase(), logins: 2, interrupts: 0, failures: 0, login_location: 'Oslo, NO' },
    { name: null, logins: 1, interrupts: 0, failures: 1, login_location: 'Oslo, NO' },
  ]);
});

test('totals, events and archive add up, also for whatever is landed later', async () => {
  await requireKeptInStep(database.pool);
  const [archive] = await database.rows(
    'select pseudonym, application_name as app, login_location from rollcall_data.sign_in_archive',
  );
  expect(archive).toEqual({ pseudonym: OTHER, app: 'App', login_location: 'Oslo, NO' });
});

test('what was granted on the views is granted again, and they are guarded', async () => {
  const granted = await database.rows(`
    select relname as view, case grantee when 0 then 'public' else pg_get_userbyid(grantee) end as grantee, is_grantable
    from pg_class c, aclexplode(relacl) where relname in ('sso_access', 'suspicious_access') and grantee <> relowner
    order by 1, 2, 3`);
  expect(granted).toEqual([
    { view: 'sso_access', grantee: 'public', is_grantable: false },
    { view: 'sso_access', grantee: 'rollcall_analyst', is_grantable: true },
    { view: 'suspicious_access', grantee: 'public', is_grantable: false },
    { view: 'suspicious_access', grantee: 'rollcall_analyst', is_grantable: false },
  ]);
  const owners = await database.rows(`
    select distinct pg_get_userbyid(relowner) as owner from pg_class where relname in ('sso_access', 'suspicious_access')`);
  expect(owners).toEqual([{ owner: 'rollcall_views' }]);
});

test('a run that was interrupted reads its pages again: they lack what is counted now', async () => {
  expect(await database.rows('select from rollcall_staging.checkpoints')).toEqual([]);
});

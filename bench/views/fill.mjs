// A tenant in the base tables, made by Postgres itself: what a year of synchronizing a large company leaves.
//
// A pair (a user in an application) has a number. The first ones are assigned; sign-ins begin and end later in the
// list: so some access is used, some is not, and some use has no assignment. Popular applications have many pairs.

import { drizzle } from 'drizzle-orm/node-postgres';
import { dropStaging, refreshGrants } from '../../dist/store/index.js';

const TENANT = 'b19b19b1-0000-4000-8000-00000000c0de';
const ZERO = '00000000-0000-0000-0000-000000000000';

const SIZE = {
  users: 200_000,
  applications: 2_000,
  groups: 1_000,
  members: 200_000,
  assignedUsers: 995_000,
  assignedGroups: 5_000,
  firstUsed: 200_000,
  lastUsed: 1_500_000,
  longAgo: 100_000,
  events: 5_000_000,
  days: 30,
};

const id = (kind, number) => `md5('${kind}' || (${number}))::uuid`;
/** A number below `limit` that looks random and is always the same. */
const random = (seed, number, limit) => `abs(hashint8extended(${number}, ${seed}) % ${limit})`;
const userOf = (pair) => `(${pair} * 7919) % ${SIZE.users}`;
/** The square makes the first applications popular. */
const applicationOf = (pair) => `floor(${SIZE.applications} * power(${random(1, pair, 1_000_000)} / 1e6, 2))::int`;
const groupOf = (number) => `floor(${SIZE.groups} * power(${random(2, number, 1_000_000)} / 1e6, 2))::int`;

const FRESH = `md5('row')::uuid, now() - interval '1 year', now() - interval '1 year'`;
const SYNC = 'row_hash, first_seen_at, changed_at';
const TOTALS = `tenant_id, user_id, application_id, anonymized, pseudonym, login_count, interrupted_count, failed_count, last_login,
  login_location, last_sign_in, user_principal_name, application_name`;

const STEPS = [
  `insert into rollcall_data.organizations (tenant_id, organization_id, display_name, ${SYNC})
   values ('${TENANT}'::uuid, '${TENANT}'::uuid, 'Big Example', ${FRESH})`,

  `insert into rollcall_data.users (tenant_id, user_id, user_principal_name, email, email_aliases, first_name, last_name,
     display_name, active_date, department, location, user_type, account_enabled, anonymized, ${SYNC}, removed_at)
   select '${TENANT}'::uuid, ${id('user', 'n')}, 'person.' || n || '@big.example', 'person.' || n || '@big.example',
     array['person.' || n || '@big.onmicrosoft.com'], 'Given ' || n % 300, 'Family ' || n % 5000,
     'Given ' || n % 300 || ' Family ' || n % 5000, now() - n % 4000 * interval '1 day', 'Department ' || n % 40,
     'Building ' || n % 90, 'Member', n % 33 <> 0, false, ${FRESH}, case when n % 50 = 7 then now() end
   from generate_series(0, ${SIZE.users - 1}) n`,

  `insert into rollcall_data.service_principals (tenant_id, app_instance_id, application_id, application_name,
     service_principal_type, assignment_required, owner_tenant_id, sso_mode, exposes_scopes, account_enabled, ${SYNC})
   select '${TENANT}'::uuid, ${id('instance', 'n')}, ${id('application', 'n')}, 'Application ' || n,
     case when n % 20 = 19 then 'ManagedIdentity' else 'Application' end, n % 2 = 0, '${TENANT}'::uuid,
     case when n % 3 = 0 then 'saml' end, n % 2 = 1, true, ${FRESH}
   from generate_series(0, ${SIZE.applications - 1}) n`,

  `insert into rollcall_data.app_role_assignments (tenant_id, assignment_id, app_instance_id, principal_id, principal_type,
     app_role_id, assigned_at, ${SYNC}, removed_at)
   select '${TENANT}'::uuid, 'u' || md5('assignment' || n), ${id('instance', applicationOf('n::bigint'))},
     ${id('user', userOf('n::bigint'))}, 'User', '${ZERO}'::uuid, now() - n % 1000 * interval '1 day', ${FRESH},
     case when n % 100 = 1 then now() end
   from generate_series(0, ${SIZE.assignedUsers - 1}) n
   union all
   select '${TENANT}'::uuid, 'g' || md5('assignment' || n), ${id('instance', `n % ${SIZE.applications}`)},
     ${id('group', `n % ${SIZE.groups}`)}, 'Group', '${ZERO}'::uuid, now() - n % 1000 * interval '1 day', ${FRESH}, null
   from generate_series(0, ${SIZE.assignedGroups - 1}) n`,

  `insert into rollcall_data.group_members (tenant_id, group_id, member_id, member_type, ${SYNC})
   select '${TENANT}'::uuid, ${id('group', groupOf('n::bigint'))}, ${id('user', random(3, 'n::bigint', SIZE.users))}, 'user', ${FRESH}
   from generate_series(0, ${SIZE.members - 1}) n on conflict do nothing`,

  ...Array.from({ length: SIZE.days }, (_, age) => day(age)).flat(),

  `insert into rollcall_data.sign_in_totals (${TOTALS})
   select tenant_id, user_id, application_id, anonymized, pseudonym, count(*) filter (where error_code = 0), 0,
     count(*) filter (where error_code <> 0), max(created_at) filter (where error_code = 0), max(location), max(created_at),
     max(user_principal_name), max(application_name)
   from rollcall_data.sign_in_events group by tenant_id, user_id, application_id, anonymized, pseudonym`,

  `insert into rollcall_data.sign_in_totals (${TOTALS})
   select distinct on (3, 2) '${TENANT}'::uuid, ${id('user', userOf('n::bigint'))}, ${id('application', applicationOf('n::bigint'))},
     false, '', 4, 0, 1, now() - interval '200 days', 'Oslo, Oslo, NO', now() - interval '200 days', 'someone@big.example', 'Old name'
   from generate_series(0, ${SIZE.longAgo - 1}) n on conflict do nothing`,

  `insert into rollcall_data.runs (id, tenant_id, task, outcome, started_at, ended_at)
   select gen_random_uuid(), '${TENANT}'::uuid, task, case when n % 10 = 0 then 'failed' else 'complete' end, at, at + interval '9 minutes'
   from unnest(array['hr-roster', 'application-discovery', 'sso-roster', 'sso-access']) task,
     generate_series(1, 8760) n, lateral (select now() - n * interval '1 hour' as at) moment`,

  `insert into rollcall_data.changes (tenant_id, task, run_id, table_name, row_key, kind, before, after, changed_at)
   select '${TENANT}'::uuid, 'hr-roster', ${id('run', 'n / 300')}, 'users', jsonb_build_object('user_id', ${id('user', `n % ${SIZE.users}`)}),
     'changed', '{"department": "Sales"}', '{"department": "Research"}', now() - (n / 300) * interval '1 hour'
   from generate_series(0, 999999) n`,
];

/** The events of one day, in a partition of its own; one in a hundred names nobody, one in nine fails. */
function day(age) {
  const date = new Date(Date.now() - age * 86_400_000).toISOString().slice(0, 10);
  const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
  const count = Math.floor(SIZE.events / SIZE.days);
  const table = `rollcall_data.sign_in_events_${date.replaceAll('-', '')}`;
  return [
    `create table ${table} partition of rollcall_data.sign_in_events for values from ('${date} 00:00:00+00') to ('${next} 00:00:00+00')`,
    `insert into ${table} (tenant_id, event_id, created_at, user_id, application_id, anonymized, pseudonym, user_principal_name,
       application_name, error_code, location, row_hash)
     select '${TENANT}'::uuid, md5('event' || n), '${date} 00:00:00+00'::timestamptz + n % 86400 * interval '1 second',
       case when n % 100 = 3 then '${ZERO}'::uuid else ${id('user', userOf('pair'))} end, ${id('application', applicationOf('pair'))}, n % 100 = 3,
       case when n % 100 = 3 then md5(n::text) else '' end, case when n % 100 = 3 then md5(n::text) else 'person.' || ${userOf('pair')} || '@big.example' end,
       'Application ' || ${applicationOf('pair')}, case when n % 9 = 8 then 50126 else 0 end, 'Oslo, Oslo, NO', md5('row')::uuid
     from generate_series(${age * count}::bigint, ${(age + 1) * count - 1}) n,
       lateral (select ${SIZE.firstUsed} + ${random(4, 'n', SIZE.lastUsed - SIZE.firstUsed)} as pair) chosen`,
  ];
}

export async function isFilled(client) {
  const { rows } = await client.query('select from rollcall_data.users limit 1');
  return rows.length > 0;
}

const RUN = { id: 'b19b19b1-0000-4000-8000-000000000001', attempt: 1, tenantId: TENANT, task: 'sso-roster' };

/** As if one run had added every assignment and every member. */
const DIFFERENCES = [
  `create table rollcall_staging."diff_app_role_assignments_${RUN.id}" as
   select app_instance_id, assignment_id from rollcall_data.app_role_assignments`,
  `create table rollcall_staging."diff_group_members_${RUN.id}" as select group_id, member_id from rollcall_data.group_members`,
];
const NO_DIFFERENCES = ['app_role_assignments', 'group_members'].map(
  (table) => `drop table rollcall_staging."diff_${table}_${RUN.id}"`,
);

/** Fills an empty database. */
export async function fill(client) {
  for (const step of [...STEPS, 'vacuum analyze', ...DIFFERENCES]) await client.query(step);
  await refreshGrants(drizzle(client), RUN);
  await dropStaging(drizzle(client), RUN, { only: RUN.id });
  for (const step of NO_DIFFERENCES) await client.query(step);
  // Windows of sign-ins write a total with what it knows of the grants at once; here all of them were written twice.
  await client.query('vacuum full rollcall_data.sign_in_totals');
  await client.query('vacuum analyze');
}

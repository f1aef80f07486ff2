import { sql } from 'drizzle-orm';
import { bigint, boolean, integer, text, uuid } from 'drizzle-orm/pg-core';
import { interval } from 'drizzle-orm/pg-core';
import { contract } from './schemas.js';
import { shownId } from './sign-ins.js';
import { instant } from './sync-columns.js';

const who = () => ({
  tenantId: uuid('tenant_id'),
  applicationId: uuid('application_id'),
  applicationName: text('application_name'),
  userId: uuid('user_id'),
  email: text('email'),
});

export const unusedAccess = contract
  .view('unused_access', {
    ...who(),
    appInstanceId: uuid('app_instance_id'),
    firstName: text('first_name'),
    lastName: text('last_name'),
    activeDate: instant('active_date'),
    assignedDirectly: boolean('assigned_directly'),
    viaGroups: uuid('via_groups').array(),
    lastLogin: instant('last_login'),
  })
  .as(
    sql`select u.tenant_id, a.application_id, a.application_name, u.user_id, u.email, a.app_instance_id, u.first_name, u.last_name,
       g.active_date, g.assigned_directly, g.via_groups, g.last_login
from rollcall_data.sso_grants g
join rollcall.discovered_applications a on a.tenant_id = g.tenant_id and a.app_instance_id = g.app_instance_id
join rollcall.hr_roster u on u.tenant_id = g.tenant_id and u.user_id = g.user_id
where g.last_login is null or g.last_login < now() - interval '90 days'`,
  );

export const unassignedAccess = contract
  .view('unassigned_access', {
    ...who(),
    userPrincipalName: text('user_principal_name'),
    lastLogin: instant('last_login'),
    loginLocation: text('login_location'),
    loginCount: bigint('login_count', { mode: 'number' }),
  })
  .as(
    sql`select t.tenant_id, ${shownId(sql`t.application_id`)} as application_id,
       coalesce(a.application_name, t.application_name) as application_name, u.user_id, u.email, t.user_principal_name,
       t.last_login, t.login_location, t.login_count
from rollcall_data.sign_in_totals t
join rollcall.hr_roster u on u.tenant_id = t.tenant_id and u.user_id = t.user_id
left join rollcall.discovered_applications a on a.tenant_id = t.tenant_id and a.application_id = t.application_id
where t.login_count > 0 and not t.anonymized and (not t.assigned or a.app_instance_id is null)`,
  );

export const suspiciousAccess = contract
  .view('suspicious_access', {
    tenantId: uuid('tenant_id'),
    userId: uuid('user_id'),
    userPrincipalName: text('user_principal_name'),
    applicationId: uuid('application_id'),
    applicationName: text('application_name'),
    lastLogin: instant('last_login'),
    loginLocation: text('login_location'),
    loginCount: bigint('login_count', { mode: 'number' }),
    interruptedCount: bigint('interrupted_count', { mode: 'number' }),
    failedCount: bigint('failed_count', { mode: 'number' }),
  })
  .as(
    sql`select tenant_id, user_id, user_principal_name, application_id, application_name, last_login, login_location, login_count,
       interrupted_count, failed_count
from rollcall.sso_access where anonymized`,
  );

export const syncHealth = contract
  .view('sync_health', {
    tenantId: uuid('tenant_id'),
    task: text('task'),
    runId: uuid('run_id'),
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
    age: interval('age'),
    items: bigint('items', { mode: 'number' }),
    added: bigint('added', { mode: 'number' }),
    changed: bigint('changed', { mode: 'number' }),
    removed: bigint('removed', { mode: 'number' }),
    unchanged: bigint('unchanged', { mode: 'number' }),
    runsSince: integer('runs_since'),
  })
  .as(
    sql`select distinct on (r.tenant_id, r.task) r.tenant_id, r.task, r.id as run_id, r.started_at, r.ended_at,
       now() - r.ended_at as age, r.items, r.added, r.changed, r.removed, r.unchanged,
       (select count(*)::int from rollcall_data.runs later
        where later.tenant_id = r.tenant_id and later.task = r.task and later.started_at > r.started_at) as runs_since
from rollcall_data.runs r
where r.outcome = 'complete'
order by r.tenant_id, r.task, r.started_at desc`,
  );

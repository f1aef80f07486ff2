import { sql } from 'drizzle-orm';
import { index, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { boolean } from 'drizzle-orm/pg-core';
import { contract, data } from './schemas.js';
import { instant, syncColumns } from './sync-columns.js';

/** Who is assigned to an application, as Graph lists it: users, groups, service principals; one row a role. */
export const appRoleAssignments = data.table(
  'app_role_assignments',
  {
    tenantId: uuid('tenant_id').notNull(),
    assignmentId: text('assignment_id').notNull(),
    appInstanceId: uuid('app_instance_id').notNull(),
    principalId: uuid('principal_id'),
    principalType: text('principal_type'),
    appRoleId: uuid('app_role_id'),
    assignedAt: instant('assigned_at'),
    ...syncColumns,
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.assignmentId] }),
    index('app_role_assignments_by_application').on(table.tenantId, table.appInstanceId),
    index('app_role_assignments_by_principal').on(table.tenantId, table.principalId),
  ],
);

/** The direct members of the groups that are assigned to something. */
export const groupMembers = data.table(
  'group_members',
  {
    tenantId: uuid('tenant_id').notNull(),
    groupId: uuid('group_id').notNull(),
    memberId: uuid('member_id').notNull(),
    memberType: text('member_type'),
    ...syncColumns,
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.groupId, table.memberId] }),
    index('group_members_by_member').on(table.tenantId, table.memberId),
  ],
);

// A group's id is never a user's, so one list of grants serves both ways: whoever joins to a user is one.
export const ssoRoster = contract
  .view('sso_roster', {
    tenantId: uuid('tenant_id'),
    applicationId: uuid('application_id'),
    applicationName: text('application_name'),
    appInstanceId: uuid('app_instance_id'),
    userId: uuid('user_id'),
    email: text('email'),
    firstName: text('first_name'),
    lastName: text('last_name'),
    activeDate: instant('active_date'),
    assignedDirectly: boolean('assigned_directly'),
    viaGroups: uuid('via_groups').array(),
  })
  .as(
    sql`select u.tenant_id, a.application_id, a.application_name, a.app_instance_id, u.user_id, u.email, u.first_name,
       u.last_name, g.active_date, g.assigned_directly, g.via_groups
from (
  select tenant_id, app_instance_id, user_id, min(assigned_at) as active_date, bool_or(group_id is null) as assigned_directly,
         coalesce(array_agg(distinct group_id order by group_id) filter (where group_id is not null), '{}') as via_groups
  from (
    select tenant_id, app_instance_id, principal_id as user_id, null::uuid as group_id, assigned_at
    from rollcall_data.app_role_assignments where removed_at is null
    union all
    select r.tenant_id, r.app_instance_id, m.member_id, m.group_id, r.assigned_at
    from rollcall_data.app_role_assignments r
    join rollcall_data.group_members m on m.tenant_id = r.tenant_id and m.group_id = r.principal_id and m.removed_at is null
    where r.removed_at is null
  ) grants
  group by tenant_id, app_instance_id, user_id
) g
join rollcall.discovered_applications a on a.tenant_id = g.tenant_id and a.app_instance_id = g.app_instance_id
join rollcall.hr_roster u on u.tenant_id = g.tenant_id and u.user_id = g.user_id`,
  );

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
    primaryKey({ columns: [table.tenantId, table.appInstanceId, table.assignmentId] }),
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

/**
 * Who may use which application, and through what: assignments and memberships, worked out. It follows from the two tables
 * above and is kept in the transactions that change them, because to work it out anew for each question takes seconds.
 */
export const ssoGrants = data.table(
  'sso_grants',
  {
    tenantId: uuid('tenant_id').notNull(),
    appInstanceId: uuid('app_instance_id').notNull(),
    /** Whatever is granted something: a user; also a service principal, a group, a device. */
    userId: uuid('user_id').notNull(),
    activeDate: instant('active_date'),
    assignedDirectly: boolean('assigned_directly').notNull(),
    viaGroups: uuid('via_groups').array().notNull(),
    /** Of the user in the application, as the totals of sign-ins have it. */
    lastLogin: instant('last_login'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.appInstanceId, table.userId] }),
    index('sso_grants_by_user').on(table.tenantId, table.userId),
  ],
);

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
from rollcall_data.sso_grants g
join rollcall.discovered_applications a on a.tenant_id = g.tenant_id and a.app_instance_id = g.app_instance_id
join rollcall.hr_roster u on u.tenant_id = g.tenant_id and u.user_id = g.user_id`,
  );

import { selectOf, withQuery } from '../../graph/index.js';
import {
  appRoleAssignments,
  findApplications,
  findAssignedGroups,
  findListedApplications,
  findNestedGroups,
  groupMembers,
  refreshGrants,
  syncTable,
} from '../../store/index.js';
import { childrenAt, readEach } from '../reading/read-each.js';
import { defineCollection, defineTask } from '../define-task.js';
import {
  assignmentOfApplication,
  graphAssignment,
  graphGroup,
  graphMember,
  hasHiddenMembers,
  memberOfGroup,
} from './item.js';
import { toAssignmentRow, toMemberRow } from './normalize.js';

const assignmentSelect = selectOf(graphAssignment);
const memberSelect = selectOf(graphMember);

/**
 * What: who is assigned to each application, and the direct members of each assigned group.
 * When: every night, after the users and the applications.
 * Changes: none are asked for; every read is full, and is compared with the rows.
 * Removals: a complete read of the application or group lacks the row. What could not be read keeps its rows.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignedto https://learn.microsoft.com/graph/api/group-list-members
 */
export const ssoRoster = defineTask({
  name: 'sso-roster',
  summary: 'who may use which application',
  permissions: ['Application.Read.All', 'GroupMember.Read.All'],
  schedules: ['nightly'],
  dependsOn: ['hr-roster', 'application-discovery'],
  view: 'rollcall.sso_roster',
  refreshDerived: refreshGrants,
  collections: [
    defineCollection({
      resource: '/servicePrincipals/{id}/appRoleAssignedTo',
      table: syncTable(appRoleAssignments, { who: 'principalId', where: 'appInstanceId' }),
      item: assignmentOfApplication,
      identity: assignmentOfApplication
        .extend({ item: graphAssignment.pick({ id: true }) })
        .transform(({ parent, item }) => ({ appInstanceId: parent, assignmentId: item.id })),
      toRow: toAssignmentRow,
      select: assignmentSelect,
      parents: {
        kind: 'application',
        property: 'appInstanceId',
        find: findApplications,
        findNamed: findListedApplications,
        object: (id, $select) => withQuery(`/servicePrincipals/${id}`, { $select }),
        counts: [{ path: (id) => `/servicePrincipals/${id}/appRoleAssignedTo/$count` }],
        permission: 'Application.Read.All',
        mustRead: true,
      },
      // Without `$top` it used to leave out principals silently: https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignedto
      read: (options) =>
        readEach(
          options,
          childrenAt((id) => `/servicePrincipals/${id}/appRoleAssignedTo`, assignmentSelect),
        ),
    }),
    defineCollection({
      resource: '/groups/{id}/members',
      table: syncTable(groupMembers, { who: 'memberId', where: 'groupId' }),
      item: memberOfGroup,
      identity: memberOfGroup
        .extend({ item: graphMember.pick({ id: true }) })
        .transform(({ parent, item }) => ({ groupId: parent, memberId: item.id })),
      toRow: toMemberRow,
      select: memberSelect,
      parents: {
        kind: 'group',
        property: 'groupId',
        find: findAssignedGroups,
        findNamed: findNestedGroups,
        object: (id, $select) => withQuery(`/groups/${id}`, { $select }),
        // v1.0 lists no service principals but may count them, so people are counted first.
        // https://learn.microsoft.com/graph/api/group-list-members
        counts: [
          {
            path: (id) => `/groups/${id}/members/microsoft.graph.user/$count`,
            only: { property: 'memberType', value: 'user' },
          },
          { path: (id) => `/groups/${id}/members/$count` },
        ],
        permission: 'GroupMember.Read.All',
        // An assignment may outlive its group, and the group may be the only one.
        mustRead: false,
        hidden: { permission: 'Member.Read.Hidden', select: selectOf(graphGroup), isHidden: hasHiddenMembers },
      },
      // Direct members only: nested groups grant nothing.
      // https://learn.microsoft.com/entra/identity/users/groups-saasapps
      read: (options) =>
        readEach(
          options,
          childrenAt((id) => `/groups/${id}/members`, memberSelect),
        ),
    }),
  ],
});

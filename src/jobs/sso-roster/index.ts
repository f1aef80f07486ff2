import { selectOf, withQuery } from '../../graph/index.js';
import {
  appRoleAssignments,
  findApplications,
  findAssignedGroups,
  groupMembers,
  refreshGrants,
  syncTable,
} from '../../store/index.js';
import { readEach } from '../read-each.js';
import { defineCollection, defineTask } from '../task.js';
import { assignmentOfApplication, graphAssignment, graphMember, memberOfGroup } from './graph-access.js';
import { toAssignmentRow, toMemberRow } from './normalize.js';

const assignmentSelect = selectOf(graphAssignment);
const memberSelect = selectOf(graphMember);

export const ssoRoster = defineTask({
  name: 'sso-roster',
  summary: 'who may use which application',
  permissions: ['Application.Read.All', 'GroupMember.Read.All'],
  schedules: ['nightly'],
  needs: ['hr-roster', 'application-discovery'],
  view: 'rollcall.sso_roster',
  derive: refreshGrants,
  collections: [
    defineCollection({
      resource: '/servicePrincipals/{id}/appRoleAssignedTo',
      table: syncTable(appRoleAssignments),
      item: assignmentOfApplication,
      identity: assignmentOfApplication
        .extend({ item: graphAssignment.pick({ id: true }) })
        .transform(({ parent, item }) => ({ appInstanceId: parent, assignmentId: item.id })),
      toRow: toAssignmentRow,
      select: assignmentSelect,
      parents: findApplications,
      parentProperty: 'appInstanceId',
      // Without `$top` it used to leave out principals silently: https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignedto
      read: (options) =>
        readEach(options, (id) =>
          withQuery(`/servicePrincipals/${id}/appRoleAssignedTo`, { $select: assignmentSelect, $top: 999 }),
        ),
    }),
    defineCollection({
      resource: '/groups/{id}/members',
      table: syncTable(groupMembers),
      item: memberOfGroup,
      identity: memberOfGroup
        .extend({ item: graphMember.pick({ id: true }) })
        .transform(({ parent, item }) => ({ groupId: parent, memberId: item.id })),
      toRow: toMemberRow,
      select: memberSelect,
      parents: findAssignedGroups,
      parentProperty: 'groupId',
      // Direct members only: nested groups grant nothing.
      // https://learn.microsoft.com/entra/identity/users/groups-saasapps
      read: (options) =>
        readEach(options, (id) => withQuery(`/groups/${id}/members`, { $select: memberSelect, $top: 999 })),
    }),
  ],
});

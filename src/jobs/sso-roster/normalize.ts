import type { appRoleAssignments, groupMembers, RowOf } from '../../store/index.js';
import type { AssignmentOfApplication, MemberOfGroup } from './item.js';

export function toAssignmentRow({ parent, item }: AssignmentOfApplication): RowOf<typeof appRoleAssignments> {
  return {
    assignmentId: item.id,
    appInstanceId: parent,
    principalId: item.principalId,
    principalType: item.principalType,
    appRoleId: item.appRoleId,
    assignedAt: item.createdDateTime ?? null,
  };
}

export function toMemberRow({ parent, item }: MemberOfGroup): RowOf<typeof groupMembers> {
  return {
    groupId: parent,
    memberId: item.id,
    memberType: item['@odata.type']?.replace('#microsoft.graph.', '') ?? null,
  };
}

import { application, publisher } from '../sample/application.js';
import { assignment } from '../sample/assignments.js';
import type { GraphObject } from '../tenant/graph-object.js';
import type { MemberReference } from '../tenant/tenant-data.js';
import type { NumberedIds } from './numbered.js';

/** Application number `index`. One in ten is Microsoft's; one in twenty has no sign-ins. */
export function generatedApplication(index: number, id: string, appIds: NumberedIds): GraphObject {
  const isMachine = index % 20 === 19;
  return {
    ...application(`Application ${index}`, {
      appId: appIds.of(index),
      appRoleAssignmentRequired: index % 2 === 0,
      preferredSingleSignOnMode: ['saml', 'oidc', null][index % 3] ?? null,
      servicePrincipalType: isMachine ? 'ManagedIdentity' : 'Application',
      ...(index % 10 === 0 ? { appOwnerOrganizationId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a' } : {}),
      ...(index % 4 === 1 ? publisher(`Vendor ${index % 100}`) : {}),
    }),
    id,
  };
}

/** Group number `index`. */
export function generatedGroup(index: number, id: string): GraphObject {
  return {
    id,
    createdDateTime: '2020-01-01T00:00:00Z',
    description: null,
    displayName: `Group ${index}`,
    groupTypes: [],
    mail: null,
    mailEnabled: false,
    mailNickname: `group${index}`,
    securityEnabled: true,
    visibility: null,
  };
}

/** What makes up the links between generated objects. */
export interface LinkPlan {
  readonly userIds: NumberedIds;
  readonly groupIds: NumberedIds;
  readonly users: number;
  readonly groups: number;
  readonly membersPerGroup: number;
  readonly assignmentsPerApplication: number;
}

/** Users spread evenly over the tenant, beginning somewhere else for each parent. */
function spread(plan: LinkPlan, parent: number, count: number): readonly string[] {
  const size = Math.min(count, plan.users);
  const stride = Math.max(1, Math.floor(plan.users / Math.max(1, size)));
  return Array.from({ length: size }, (_, index) => plan.userIds.of((parent * 7919 + index * stride) % plan.users));
}

/** The members of group number `index`: users, each once. */
export function generatedMembers(plan: LinkPlan, index: number): readonly MemberReference[] {
  return spread(plan, index, plan.membersPerGroup).map((id) => ({ type: 'user', id }));
}

// Few groups give access to many people.
const GROUPS_AN_APPLICATION = 3;

/** The assignments to application number `index`: some groups, then users. */
export function generatedAssignments(plan: LinkPlan, index: number, id: string): readonly GraphObject[] {
  const resource = { id, displayName: `Application ${index}` };
  const groups = Math.min(GROUPS_AN_APPLICATION, plan.groups, plan.assignmentsPerApplication);
  return [
    ...Array.from({ length: groups }, (_, number) => {
      const group = (index * GROUPS_AN_APPLICATION + number) % plan.groups;
      return assignment(resource, { id: plan.groupIds.of(group), displayName: `Group ${group}` }, 'Group');
    }),
    ...spread(plan, index, plan.assignmentsPerApplication - groups).map((userId) =>
      assignment(resource, { id: userId, displayName: null }, 'User'),
    ),
  ];
}

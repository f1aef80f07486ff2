import type { Route } from './answer.js';
import { appRoleAssignedTo, appRoleAssignedToCount } from './app-role-assigned-to.js';
import { application } from './registrations.js';
import { deletedItem, deletedItems } from './deleted-items.js';
import { servicePrincipalsDelta, usersDelta } from './deltas.js';
import { groupMembers, groupMembersCount } from './group-members.js';
import { group, groups } from './groups.js';
import { servicePrincipal, servicePrincipals, servicePrincipalsCount } from './service-principals.js';
import { signIns } from './sign-ins.js';
import { domains, organization, reportSettings, subscribedSkus } from './tenant-facts.js';
import { user, users, usersCount } from './users.js';

/** Every path that this Graph knows; the first that matches answers. */
export const ROUTES: readonly Route[] = [
  users,
  usersCount,
  usersDelta,
  user,
  servicePrincipals,
  servicePrincipalsCount,
  servicePrincipalsDelta,
  servicePrincipal,
  application,
  appRoleAssignedTo,
  appRoleAssignedToCount,
  groups,
  group,
  groupMembersCount,
  groupMembers,
  deletedItems,
  deletedItem,
  organization,
  subscribedSkus,
  domains,
  reportSettings,
  signIns,
];

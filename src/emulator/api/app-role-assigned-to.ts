import type { GraphObject } from '../tenant/graph-object.js';
import type { TenantData } from '../tenant/tenant-data.js';
import type { Route } from './answer.js';
import { APP_ROLE_ASSIGNMENT } from './assignment-type.js';
import { countRoute } from './count.js';
import { listLinks } from './link-listing.js';
import { projector } from './object-type.js';
import { checkOptions } from './query-options.js';
import { selected } from './select.js';
import { APPLICATION_PERMISSIONS, findServicePrincipal } from './service-principals.js';

/** @see https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignedto */
export const appRoleAssignedTo: Route = {
  pattern: /^\/servicePrincipals(?:\/([^/]+)|\(appId='([^']+)'\))\/appRoleAssignedTo$/,
  permissions: APPLICATION_PERMISSIONS,
  units: 1,
  answer(request) {
    const { call, tenant } = request;
    checkOptions(call, { known: ['$select', '$top'], refused: ['$skip'] });
    const resource = findServicePrincipal(request);
    return listLinks(request, {
      context: () => `servicePrincipals('${resource.id}')/appRoleAssignedTo`,
      slots: tenant.appRoleAssignments.slots(resource.id),
      project: (select) => {
        const project = projector(APP_ROLE_ASSIGNMENT, selected(APP_ROLE_ASSIGNMENT, select));
        return (assignment) => (isLive(tenant, assignment) ? project(assignment) : undefined);
      },
    });
  },
};

/** @see https://learn.microsoft.com/graph/aad-advanced-queries */
export const appRoleAssignedToCount = countRoute(
  {
    pattern: /^\/servicePrincipals\/([^/]+)\/appRoleAssignedTo\/\$count$/,
    permissions: APPLICATION_PERMISSIONS,
    units: 1,
  },
  (request) => {
    const { tenant } = request;
    const { id } = findServicePrincipal(request);
    return tenant.appRoleAssignments.of(id).filter((assignment) => isLive(tenant, assignment)).length;
  },
);

/** Whose principal is gone, or in the recycle bin, is listed no more. */
function isLive(tenant: TenantData, { principalType, principalId }: GraphObject): boolean {
  if (principalType === 'Group' && tenant.assignmentsOutliveGroups === true) return true;
  const id = String(principalId);
  if (principalType === 'User') return tenant.users.get(id) !== undefined;
  if (principalType === 'Group') return tenant.groups.get(id) !== undefined;
  return tenant.servicePrincipals.get(id) !== undefined;
}

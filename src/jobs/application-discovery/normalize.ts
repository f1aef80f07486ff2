import type { organizations, RowOf, servicePrincipals } from '../../store/index.js';
import type { GraphOrganization, GraphServicePrincipal } from './item.js';

export function toServicePrincipalRow(principal: GraphServicePrincipal): RowOf<typeof servicePrincipals> {
  return {
    appInstanceId: principal.id,
    applicationId: principal.appId,
    applicationName: principal.displayName ?? principal.appDisplayName,
    servicePrincipalType: principal.servicePrincipalType,
    assignmentRequired: principal.appRoleAssignmentRequired ?? null,
    ownerTenantId: principal.appOwnerOrganizationId,
    verifiedPublisher: principal.verifiedPublisher?.displayName ?? null,
    ssoMode: principal.preferredSingleSignOnMode,
    exposesScopes: (principal.oauth2PermissionScopes ?? []).length > 0,
    accountEnabled: principal.accountEnabled ?? null,
  };
}

export function toOrganizationRow({ id, displayName }: GraphOrganization): RowOf<typeof organizations> {
  return { organizationId: id, displayName };
}

import type { organizations, RowOf, servicePrincipals } from '../../store/index.js';
import type { GraphOrganization, GraphServicePrincipal } from './graph-service-principal.js';

export function toServicePrincipalRow(principal: GraphServicePrincipal): RowOf<typeof servicePrincipals> {
  return {
    appInstanceId: principal.id,
    applicationId: principal.appId ?? null,
    applicationName: principal.displayName ?? principal.appDisplayName ?? null,
    servicePrincipalType: principal.servicePrincipalType ?? null,
    assignmentRequired: principal.appRoleAssignmentRequired ?? null,
    ownerTenantId: principal.appOwnerOrganizationId ?? null,
    verifiedPublisher: principal.verifiedPublisher?.displayName || null,
    ssoMode: principal.preferredSingleSignOnMode ?? null,
    exposesScopes: (principal.oauth2PermissionScopes ?? []).length > 0,
    accountEnabled: principal.accountEnabled ?? null,
  };
}

export function toOrganizationRow({ id, displayName }: GraphOrganization): RowOf<typeof organizations> {
  return { organizationId: id, displayName: displayName ?? null };
}

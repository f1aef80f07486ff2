import type { RowOf, servicePrincipals } from '../../store/index.js';
import type { SourcesOf } from '../reading/tracked/tracked-collection.js';
import type { GraphServicePrincipal } from './item.js';

/** Which properties of a service principal make which column of its row. */
export const servicePrincipalSources: SourcesOf<
  GraphServicePrincipal,
  RowOf<typeof servicePrincipals>,
  'appInstanceId'
> = {
  applicationId: ['appId'],
  applicationName: ['displayName', 'appDisplayName'],
  servicePrincipalType: ['servicePrincipalType'],
  assignmentRequired: ['appRoleAssignmentRequired'],
  ownerTenantId: ['appOwnerOrganizationId'],
  verifiedPublisher: ['verifiedPublisher'],
  ssoMode: ['preferredSingleSignOnMode'],
  exposesScopes: ['oauth2PermissionScopes'],
  accountEnabled: ['accountEnabled'],
};

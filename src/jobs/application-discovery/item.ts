import { z } from 'zod';
import { graphId, graphOptionalId, graphText } from '../reading/graph-types.js';

/**
 * What we read of a service principal. `publisherName` is not among it: it does not exist in v1.0, and asking for it fails
 * the whole request.
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export const graphServicePrincipal = z.object({
  id: graphId,
  appId: graphOptionalId,
  displayName: graphText,
  appDisplayName: graphText,
  servicePrincipalType: graphText,
  accountEnabled: z.boolean().nullish(),
  appRoleAssignmentRequired: z.boolean().nullish(),
  appOwnerOrganizationId: graphOptionalId,
  preferredSingleSignOnMode: graphText,
  oauth2PermissionScopes: z.array(z.unknown()).nullish(),
  /** An object of nulls if no publisher is verified. */
  verifiedPublisher: z.object({ displayName: graphText }).nullish(),
});

export type GraphServicePrincipal = z.output<typeof graphServicePrincipal>;

/** @see https://learn.microsoft.com/graph/api/resources/organization */
export const graphOrganization = z.object({ id: graphId, displayName: graphText });

export type GraphOrganization = z.output<typeof graphOrganization>;

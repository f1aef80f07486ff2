import { z } from 'zod';
import { graphId } from '../graph-types.js';

const text = z.string().nullish();

/**
 * What we read of a service principal. `publisherName` is not among it: it does not exist in v1.0, and asking for it fails
 * the whole request.
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export const graphServicePrincipal = z.object({
  id: graphId,
  appId: graphId.nullish(),
  displayName: text,
  appDisplayName: text,
  servicePrincipalType: text,
  accountEnabled: z.boolean().nullish(),
  appRoleAssignmentRequired: z.boolean().nullish(),
  appOwnerOrganizationId: graphId.nullish(),
  preferredSingleSignOnMode: text,
  oauth2PermissionScopes: z.array(z.unknown()).nullish(),
  /** An object of nulls where nobody is verified. */
  verifiedPublisher: z.object({ displayName: text }).nullish(),
});

export type GraphServicePrincipal = z.output<typeof graphServicePrincipal>;

/** @see https://learn.microsoft.com/graph/api/resources/organization */
export const graphOrganization = z.object({ id: graphId, displayName: text });

export type GraphOrganization = z.output<typeof graphOrganization>;

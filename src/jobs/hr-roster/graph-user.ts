import { z } from 'zod';
import { graphId, graphInstant, graphText, graphTexts, graphUserName } from '../graph-types.js';

/**
 * What we read of a user; `$select` is derived from it. Whatever Graph leaves out counts as null.
 * @see https://learn.microsoft.com/graph/api/resources/user
 */
export const graphUser = z.object({
  /** Told without being selected, of what is more than a user: `#microsoft.graph.agentUser`. */
  '@odata.type': graphText,
  id: graphId,
  userPrincipalName: graphUserName,
  mail: graphText,
  proxyAddresses: graphTexts,
  otherMails: graphTexts,
  givenName: graphText,
  surname: graphText,
  displayName: graphText,
  employeeHireDate: graphInstant.nullish(),
  createdDateTime: graphInstant.nullish(),
  department: graphText,
  officeLocation: graphText,
  city: graphText,
  state: graphText,
  country: graphText,
  usageLocation: graphText,
  userType: graphText,
  accountEnabled: z.boolean().nullish(),
});

export type GraphUser = z.output<typeof graphUser>;

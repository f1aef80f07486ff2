import { z } from 'zod';
import { graphId, graphInstant, graphText, graphTexts, graphUserName, trimmed } from '../reading/graph-types.js';

/** Mail addresses among the proxy addresses carry the prefix `smtp:` (`SMTP:` the primary one); others are phones and the like. */
const mailAddresses = (addresses: readonly string[]): string[] =>
  addresses
    .filter((address) => /^smtp:/i.test(address))
    .map((address) => trimmed(address.slice('smtp:'.length)))
    .filter((address) => address !== null);

/**
 * What we read of a user; `$select` is derived from it. Whatever Graph leaves out counts as null.
 * @see https://learn.microsoft.com/graph/api/resources/user
 */
export const graphUser = z.object({
  /** Sent without being selected for subtypes of user: `#microsoft.graph.agentUser`. */
  '@odata.type': graphText,
  id: graphId,
  userPrincipalName: graphUserName,
  mail: graphText,
  proxyAddresses: graphTexts.transform(mailAddresses),
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

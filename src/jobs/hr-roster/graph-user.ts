import { z } from 'zod';
import { graphId, graphInstant, graphUserName } from '../graph-types.js';

const text = z.string().nullish();

/**
 * What we read of a user; `$select` is derived from it. Whatever Graph leaves out counts as null.
 * @see https://learn.microsoft.com/graph/api/resources/user
 */
export const graphUser = z.object({
  id: graphId,
  userPrincipalName: graphUserName.nullish(),
  mail: text,
  proxyAddresses: z.array(z.string()).nullish(),
  otherMails: z.array(z.string()).nullish(),
  givenName: text,
  surname: text,
  displayName: text,
  employeeHireDate: graphInstant.nullish(),
  createdDateTime: graphInstant.nullish(),
  department: text,
  officeLocation: text,
  city: text,
  state: text,
  country: text,
  usageLocation: text,
  userType: text,
  accountEnabled: z.boolean().nullish(),
});

export type GraphUser = z.output<typeof graphUser>;

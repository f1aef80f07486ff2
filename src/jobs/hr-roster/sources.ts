import type { SourcesOf } from '../reading/tracked/tracked-collection.js';
import type { GraphUser } from './item.js';
import type { UserRow } from './normalize.js';

/** Which properties of a user make which column of its row. */
export const userSources: SourcesOf<GraphUser, UserRow, 'userId'> = {
  userPrincipalName: ['userPrincipalName'],
  email: ['mail'],
  // The address in `mail` is no alias.
  emailAliases: ['proxyAddresses', 'otherMails', 'mail'],
  firstName: ['givenName'],
  lastName: ['surname'],
  displayName: ['displayName'],
  activeDate: ['employeeHireDate', 'createdDateTime'],
  department: ['department'],
  location: ['officeLocation', 'city', 'state', 'country', 'usageLocation'],
  userType: ['userType', '@odata.type'],
  accountEnabled: ['accountEnabled'],
  anonymized: ['userPrincipalName'],
};

import { guid } from '../guid.js';
import type { GraphObject } from '../tenant/graph-object.js';

/** A user object with every property that Rollcall may ask for, so that a person is written as what is special. */
export function person(key: string, special: Readonly<Record<string, unknown>>): GraphObject {
  return {
    id: guid('sample user', key),
    accountEnabled: true,
    businessPhones: [],
    city: null,
    companyName: null,
    country: null,
    createdDateTime: '2021-06-14T08:30:00Z',
    creationType: null,
    department: null,
    displayName: null,
    employeeHireDate: null,
    employeeId: null,
    employeeType: null,
    externalUserState: null,
    givenName: null,
    jobTitle: null,
    mail: null,
    mobilePhone: null,
    officeLocation: null,
    onPremisesSyncEnabled: null,
    otherMails: [],
    preferredLanguage: null,
    proxyAddresses: [],
    state: null,
    surname: null,
    usageLocation: null,
    userPrincipalName: null,
    userType: 'Member',
    ...special,
  };
}

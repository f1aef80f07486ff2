import { names, type ObjectType } from './object-type.js';

const OUTSIDE = names(`
  aboutMe birthday hireDate interests mySite pastProjects preferredName responsibilities schools skills mailboxSettings
`);

/**
 * @see https://learn.microsoft.com/graph/api/resources/user for the properties
 * @see https://learn.microsoft.com/graph/api/user-list for the default ones and those outside the directory
 */
export const USER: ObjectType = {
  name: 'user',
  defaults: names(`
    businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname
    userPrincipalName id
  `),
  outside: new Set(OUTSIDE),
  properties: new Set([
    ...OUTSIDE,
    ...names(`
      id deletedDateTime accountEnabled ageGroup assignedLicenses assignedPlans authorizationInfo businessPhones city
      companyName consentProvidedForMinor country createdDateTime creationType customSecurityAttributes department
      deviceEnrollmentLimit displayName employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType
      externalUserState externalUserStateChangeDateTime faxNumber givenName identities identityParentId imAddresses
      isManagementRestricted isResourceAccount jobTitle lastPasswordChangeDateTime legalAgeGroupClassification
      licenseAssignmentStates mail mailNickname mobilePhone officeLocation onPremisesDistinguishedName
      onPremisesDomainName onPremisesExtensionAttributes onPremisesImmutableId onPremisesLastSyncDateTime
      onPremisesProvisioningErrors onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled
      onPremisesUserPrincipalName otherMails passwordPolicies passwordProfile postalCode preferredDataLocation
      preferredLanguage print provisionedPlans proxyAddresses securityIdentifier serviceProvisioningErrors
      showInAddressList signInActivity signInSessionsValidFromDateTime state streetAddress surname usageLocation
      userPrincipalName userType
    `),
  ]),
  notNull: new Map<string, unknown>([
    ...names(`
      assignedLicenses assignedPlans businessPhones identities imAddresses licenseAssignmentStates
      onPremisesProvisioningErrors otherMails provisionedPlans proxyAddresses serviceProvisioningErrors interests
      pastProjects responsibilities schools skills
    `).map((name) => [name, []] as const),
    ['deviceEnrollmentLimit', 5],
    ['birthday', '0001-01-01T00:00:00Z'],
    ['hireDate', '0001-01-01T00:00:00Z'],
  ]),
};

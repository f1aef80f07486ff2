import { names, type ObjectType } from './object-type.js';

const COLLECTIONS = names(`
  addIns alternativeNames appRoles keyCredentials notificationEmailAddresses oauth2PermissionScopes passwordCredentials
  replyUrls resourceSpecificApplicationPermissions servicePrincipalNames tags
`);

// `createdDateTime` is not in the metadata of v1.0 but on its wire; `publisherName` is in neither.
const PROPERTIES = names(`
  id deletedDateTime accountEnabled addIns alternativeNames appDescription appDisplayName appId applicationTemplateId
  appOwnerOrganizationId appRoleAssignmentRequired appRoles createdByAppId createdDateTime description
  disabledByMicrosoftStatus displayName homepage info isDisabled keyCredentials loginUrl logoutUrl notes
  notificationEmailAddresses oauth2PermissionScopes passwordCredentials preferredSingleSignOnMode
  preferredTokenSigningKeyThumbprint replyUrls resourceSpecificApplicationPermissions samlSingleSignOnSettings
  servicePrincipalNames servicePrincipalType signInAudience tags tokenEncryptionKeyId verifiedPublisher
`);

/** @see https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export const SERVICE_PRINCIPAL: ObjectType = {
  name: 'servicePrincipal',
  properties: new Set([...PROPERTIES, 'customSecurityAttributes']),
  defaults: PROPERTIES,
  outside: new Set(),
  notNull: new Map<string, unknown>([
    ...COLLECTIONS.map((name) => [name, []] as const),
    ['appRoleAssignmentRequired', false],
    // An object of nulls, not null, if the publisher was never verified.
    ['verifiedPublisher', { displayName: null, verifiedPublisherId: null, addedDateTime: null }],
  ]),
};

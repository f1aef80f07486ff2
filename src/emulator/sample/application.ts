import { guid } from '../guid.js';
import type { GraphObject } from '../tenant/graph-object.js';

/** Home of Microsoft's own applications. */
export const MICROSOFT_TENANT = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';

/** The role id for access without a role. */
export const DEFAULT_ROLE = '00000000-0000-0000-0000-000000000000';

const NOT_VERIFIED = { displayName: null, verifiedPublisherId: null, addedDateTime: null };

/** A service principal as Graph writes it in full, so that an application is written as what is special. */
export function application(name: string, special: Readonly<Record<string, unknown>> = {}): GraphObject {
  const appId = typeof special['appId'] === 'string' ? special['appId'] : guid('sample application', name);
  return {
    id: guid('sample service principal', name),
    deletedDateTime: null,
    accountEnabled: true,
    addIns: [],
    alternativeNames: [],
    appDescription: null,
    appDisplayName: name,
    appId,
    applicationTemplateId: null,
    appOwnerOrganizationId: guid('vendor', name),
    appRoleAssignmentRequired: false,
    appRoles: [],
    createdDateTime: null,
    description: null,
    disabledByMicrosoftStatus: null,
    displayName: name,
    homepage: null,
    info: { logoUrl: null, marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
    keyCredentials: [],
    loginUrl: null,
    logoutUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    oauth2PermissionScopes: [],
    passwordCredentials: [],
    preferredSingleSignOnMode: null,
    preferredTokenSigningKeyThumbprint: null,
    replyUrls: [],
    resourceSpecificApplicationPermissions: [],
    samlSingleSignOnSettings: null,
    servicePrincipalNames: [appId],
    servicePrincipalType: 'Application',
    signInAudience: 'AzureADMultipleOrgs',
    tags: [],
    tokenEncryptionKeyId: null,
    verifiedPublisher: NOT_VERIFIED,
    ...special,
  };
}

/** A verified publisher. */
export function publisher(displayName: string): Readonly<Record<string, unknown>> {
  return {
    verifiedPublisher: {
      displayName,
      verifiedPublisherId: '9' + guid(displayName).slice(0, 6),
      addedDateTime: '2023-05-04T10:11:12Z',
    },
  };
}

/** An application permission scope: what makes an application an API. */
export function scope(value: string): Readonly<Record<string, unknown>> {
  return {
    id: guid('scope', value),
    type: 'User',
    value,
    isEnabled: true,
    adminConsentDisplayName: value,
    adminConsentDescription: value,
    userConsentDisplayName: null,
    userConsentDescription: null,
  };
}

/** A role that users and groups can be given. */
export function role(value: string): Readonly<Record<string, unknown>> {
  return {
    id: guid('role', value),
    allowedMemberTypes: ['User'],
    description: value,
    displayName: value,
    isEnabled: true,
    origin: 'Application',
    value,
  };
}

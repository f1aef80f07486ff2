import { graphOrganization, graphServicePrincipal } from './item.js';
import { toOrganizationRow, toServicePrincipalRow } from './normalize.js';

const ID = '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0';
const rowOf = (properties: object) => toServicePrincipalRow(graphServicePrincipal.parse({ id: ID, ...properties }));

test('an application of which Graph tells only the id is a row of nulls', () => {
  expect(rowOf({})).toEqual({
    appInstanceId: ID,
    applicationId: null,
    applicationName: null,
    servicePrincipalType: null,
    assignmentRequired: null,
    ownerTenantId: null,
    verifiedPublisher: null,
    ssoMode: null,
    exposesScopes: false,
    accountEnabled: null,
  });
});

test('an application as Graph sends one', () => {
  const principal = {
    appId: '00000003-0000-0000-C000-000000000000',
    displayName: 'Expense Tool',
    appDisplayName: 'Expense Tool (multi-tenant)',
    servicePrincipalType: 'Application',
    accountEnabled: false,
    appRoleAssignmentRequired: true,
    appOwnerOrganizationId: '72F988BF-86F1-41AF-91AB-2D7CD011DB47',
    preferredSingleSignOnMode: 'saml',
    oauth2PermissionScopes: [{ id: ID, value: 'user_impersonation', isEnabled: true }],
    verifiedPublisher: {
      displayName: 'Fabrikam',
      verifiedPublisherId: '9999999',
      addedDateTime: '2024-02-01T00:00:00Z',
    },
    tags: ['WindowsAzureActiveDirectoryIntegratedApp'],
  };
  expect(rowOf(principal)).toEqual({
    appInstanceId: ID,
    applicationId: '00000003-0000-0000-c000-000000000000',
    applicationName: 'Expense Tool',
    servicePrincipalType: 'Application',
    assignmentRequired: true,
    ownerTenantId: '72f988bf-86f1-41af-91ab-2d7cd011db47',
    verifiedPublisher: 'Fabrikam',
    ssoMode: 'saml',
    exposesScopes: true,
    accountEnabled: false,
  });
});

test.each([
  [[], false],
  [null, false],
  [undefined, false],
  [[{ isEnabled: false }], true],
])('whether an application with the scopes %j exposes some: %s', (oauth2PermissionScopes, expected) => {
  expect(rowOf({ oauth2PermissionScopes }).exposesScopes).toBe(expected);
});

test.each([null, {}, { displayName: null, verifiedPublisherId: null }])(
  'the publisher %j is none',
  (verifiedPublisher) => {
    expect(rowOf({ verifiedPublisher }).verifiedPublisher).toBeNull();
  },
);

test.each(['', ' ', '\t\n', '\u00A0\u3000', '\u0085'])('an application whose every text is %j has none', (blank) => {
  const principal = {
    appId: blank,
    displayName: blank,
    appDisplayName: blank,
    servicePrincipalType: blank,
    appOwnerOrganizationId: blank,
    preferredSingleSignOnMode: blank,
    verifiedPublisher: { displayName: blank },
  };
  expect(rowOf(principal)).toEqual(rowOf({}));
});

test.each([
  [{ displayName: ' Shop ', appDisplayName: 'Other' }, 'Shop'],
  [{ displayName: '', appDisplayName: 'Fallback' }, 'Fallback'],
  [{ displayName: ' ', appDisplayName: ' Fallback\u00A0' }, 'Fallback'],
  [{ displayName: null, appDisplayName: 'Fallback' }, 'Fallback'],
  [{ appDisplayName: 'Fallback' }, 'Fallback'],
])('the name of %j is %s', (principal, expected) => {
  expect(rowOf(principal).applicationName).toBe(expected);
});

test('publisher, sign-on mode and type are trimmed', () => {
  const principal = {
    verifiedPublisher: { displayName: ' Acme\t' },
    preferredSingleSignOnMode: ' oidc ',
    servicePrincipalType: ' ManagedIdentity ',
  };
  expect(rowOf(principal)).toMatchObject({
    verifiedPublisher: 'Acme',
    ssoMode: 'oidc',
    servicePrincipalType: 'ManagedIdentity',
  });
});

test.each([
  [' Northwind ', 'Northwind'],
  [' ', null],
  [null, null],
])('the organization %j is named %j', (displayName, expected) => {
  const organization = { id: ID.toUpperCase(), displayName, verifiedDomains: [{ name: 'northwind.com' }] };
  expect(toOrganizationRow(graphOrganization.parse(organization))).toEqual({
    organizationId: ID,
    displayName: expected,
  });
});

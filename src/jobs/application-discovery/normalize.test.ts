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
  expect(toOrganizationRow(graphOrganization.parse({ id: ID, displayName })).displayName).toBe(expected);
});

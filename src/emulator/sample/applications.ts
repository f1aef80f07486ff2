import type { GraphObject } from '../tenant/graph-object.js';
import { application, MICROSOFT_TENANT, publisher, role, scope } from './application.js';
import { SAMPLE_CLIENT_ID, SAMPLE_TENANT_ID } from './constants.js';

const own = { appOwnerOrganizationId: SAMPLE_TENANT_ID, signInAudience: 'AzureADMyOrg' };
const assigned = { appRoleAssignmentRequired: true };
const gallery = { tags: ['WindowsAzureActiveDirectoryIntegratedApp'], loginUrl: 'https://login.example/' };

/** The applications of the tenant's own making. */
function ownApplications(): readonly GraphObject[] {
  return [
    application('Rollcall', { ...own, appId: SAMPLE_CLIENT_ID, createdDateTime: '2026-01-02T03:04:05Z' }),
    application('Frame Configurator', { ...own, preferredSingleSignOnMode: 'oidc', ...assigned }),
    application('Warehouse', { ...own, ...assigned, appRoles: [role('Picker'), role('Planner'), role('Admin')] }),
    application('Order API', { ...own, oauth2PermissionScopes: [scope('Orders.Read'), scope('Orders.Write')] }),
    application('Legacy Intranet', { ...own, preferredSingleSignOnMode: 'password', ...assigned }),
    application('Timesheets', { ...own, preferredSingleSignOnMode: 'saml', ...assigned }),
    application('Canteen Menu', { ...own, homepage: 'https://canteen.northwind-bikes.example' }),
    application('Dealer Portal', { ...own, preferredSingleSignOnMode: 'oidc' }),
    application('Old Dealer Portal', { ...own, accountEnabled: false, ...assigned }),
    application('Integration Job', { ...own, preferredSingleSignOnMode: 'notSupported', tags: ['HideApp'] }),
  ];
}

/** Bought or free, from other companies. */
function foreignApplications(): readonly GraphObject[] {
  const verified = ['Acme CRM', 'Blue Ledger', 'Cloudboard', 'Docusheet', 'Everest Travel', 'Fieldnotes', 'Gearbox HR'];
  return [
    ...verified.map((name, index) =>
      application(name, {
        ...gallery,
        ...publisher(`${name} Inc.`),
        ...(index % 2 === 0 ? assigned : {}),
        preferredSingleSignOnMode: ['saml', 'oidc', 'saml', 'password', null][index % 5] ?? null,
      }),
    ),
    // An old consent; the publisher is unknown.
    application('PDF Wizard Free', { oauth2PermissionScopes: [scope('user_impersonation')] }),
    application('Mail Merge Helper'),
    application('AI Notetaker', { accountEnabled: null }),
    application('Suspicious Viewer', { disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement' }),
    // Two applications may bear one name.
    application('Cloudboard (copy)', { displayName: 'Cloudboard', appDisplayName: 'Cloudboard', ...assigned }),
  ];
}

const MICROSOFT: readonly (readonly [name: string, appId: string])[] = [
  ['Microsoft Graph', '00000003-0000-0000-c000-000000000000'],
  ['Windows Azure Active Directory', '00000002-0000-0000-c000-000000000000'],
  ['Office 365 Exchange Online', '00000002-0000-0ff1-ce00-000000000000'],
  ['Office 365 SharePoint Online', '00000003-0000-0ff1-ce00-000000000000'],
  ['Skype for Business Online', '00000004-0000-0ff1-ce00-000000000000'],
  ['Microsoft Office 365 Portal', '00000006-0000-0ff1-ce00-000000000000'],
  ['Graph Explorer', 'de8bc8b5-d9f9-48b1-a8ad-b748da725064'],
  ['Azure Portal', 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c'],
  ['Microsoft Teams', '1fec8e78-bce4-4aaf-ab1b-5451cc387264'],
  ['Microsoft Azure CLI', '04b07795-8ddb-461a-bbee-02f9e1bf7b46'],
  ['My Apps', '2793995e-0a7d-40d7-bd35-6968ba142197'],
  ['Office 365 Management APIs', 'c5393580-f805-4401-95e8-94b7a6ef2fc2'],
  ['Microsoft Intune', '0000000a-0000-0000-c000-000000000000'],
  ['Power BI Service', '00000009-0000-0000-c000-000000000000'],
  ['Dynamics CRM Online', '00000007-0000-0000-c000-000000000000'],
  ['Microsoft App Access Panel', '0000000c-0000-0000-c000-000000000000'],
];

function microsoftApplications(): readonly GraphObject[] {
  return MICROSOFT.map(([name, appId], index) =>
    application(name, {
      appId,
      // Microsoft's applications belong to two tenants of Microsoft.
      appOwnerOrganizationId: index % 5 === 4 ? '72f988bf-86f1-41af-91ab-2d7cd011db47' : MICROSOFT_TENANT,
      oauth2PermissionScopes: index < 5 ? [scope(`${name}.default`)] : [],
      createdDateTime: '2012-01-03T09:12:50Z',
    }),
  );
}

/** Principals without sign-ins. */
function machines(): readonly GraphObject[] {
  const identities = ['vm-warehouse-01', 'func-orders', 'aks-shop', 'logic-invoices', 'vm-build'];
  return [
    ...identities.map((name) =>
      application(name, {
        servicePrincipalType: 'ManagedIdentity',
        appOwnerOrganizationId: null,
        alternativeNames: ['isExplicit=False', `/subscriptions/5a3b1e00/resourcegroups/prod/providers/${name}`],
      }),
    ),
    application('order-desk-agent', {
      '@odata.type': '#microsoft.graph.agentIdentity',
      servicePrincipalType: 'ServiceIdentity',
    }),
    application('agent-blueprint', {
      '@odata.type': '#microsoft.graph.agentIdentityBlueprintPrincipal',
      servicePrincipalType: 'ServiceIdentity',
    }),
  ];
}

/** What applications contain and programs forget. */
function oddApplications(): readonly GraphObject[] {
  return [
    application('odd: legacy', { servicePrincipalType: 'Legacy', appOwnerOrganizationId: null }),
    application('odd: social', { servicePrincipalType: 'SocialIdp' }),
    application('odd: no type', { servicePrincipalType: null }),
    application('odd: no name', { displayName: null, appDisplayName: null }),
    application('odd: tab\tand\nline', { ...own }),
    application('odd: "quotes", \\N and {braces}'),
    application('odd: 🚲 عجلة', { ...publisher('Ünïcode & Söhne') }),
    application('odd: publisher null', { verifiedPublisher: null }),
    application('odd: empty name', { displayName: '', appDisplayName: 'Fallback of an empty name' }),
    application('odd: blank name', { displayName: ' \t', appDisplayName: '\u00A0Fallback of a blank name ' }),
    application('odd: blank names', { displayName: ' ', appDisplayName: '\u3000' }),
    application('odd: padded', { displayName: ' Padded\n', ...publisher(' Padded Inc. ') }),
    application('odd: blank publisher', { ...own, ...publisher(' ') }),
    application('odd: blank mode', { preferredSingleSignOnMode: ' ', oauth2PermissionScopes: [scope('Blank.Read')] }),
    application('odd: no owner', { appOwnerOrganizationId: null }),
  ];
}

/** All service principals of the tenant. */
export function applications(): readonly GraphObject[] {
  return [
    ...microsoftApplications(),
    ...ownApplications(),
    ...foreignApplications(),
    ...machines(),
    ...oddApplications(),
  ];
}

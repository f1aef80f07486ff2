import { guid } from '../guid.js';
import type { GraphObject } from '../tenant/graph-object.js';
import { DOMAINS, SAMPLE_TENANT_ID } from './constants.js';

/** The service plan that a P1 license contains. */
const P1_PLAN = '41781fb2-bc02-4b7c-bd55-b576c07bb09d';

/** The one organization of the tenant. */
export function organization(): GraphObject {
  return {
    id: SAMPLE_TENANT_ID,
    deletedDateTime: null,
    displayName: 'Northwind Bikes',
    tenantType: 'AAD',
    businessPhones: ['+31 30 555 0100'],
    city: 'Utrecht',
    state: null,
    street: null,
    postalCode: null,
    country: null,
    countryLetterCode: 'NL',
    preferredLanguage: 'en',
    createdDateTime: '2012-01-03T09:12:44Z',
    onPremisesSyncEnabled: true,
    onPremisesLastSyncDateTime: '2026-01-04T05:06:07Z',
    assignedPlans: [
      {
        assignedDateTime: '2022-03-01T00:00:00Z',
        capabilityStatus: 'Enabled',
        service: 'AADPremiumService',
        servicePlanId: P1_PLAN,
      },
    ],
    provisionedPlans: [],
    technicalNotificationMails: [`it@${DOMAINS.main}`],
    verifiedDomains: Object.values(DOMAINS).map((name) => ({
      name,
      type: 'Managed',
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: name === DOMAINS.main,
      isInitial: name === DOMAINS.initial,
    })),
  };
}

/** `/domains` of the tenant. */
export function domains(): readonly GraphObject[] {
  return Object.values(DOMAINS).map((name) => ({
    id: name,
    authenticationType: 'Managed',
    availabilityStatus: null,
    isAdminManaged: true,
    isDefault: name === DOMAINS.main,
    isInitial: name === DOMAINS.initial,
    isRoot: name !== DOMAINS.second,
    isVerified: true,
    supportedServices: ['Email', 'OfficeCommunicationsOnline'],
    passwordValidityPeriodInDays: 2147483647,
    passwordNotificationWindowInDays: 14,
    state: null,
  }));
}

/** `/subscribedSkus` of the tenant: P1 is what sign-ins need. */
export function subscribedSkus(): readonly GraphObject[] {
  const skuId = '078d2b04-f1bd-4111-bbd4-b4b1b354cef4';
  return [
    {
      id: `${SAMPLE_TENANT_ID}_${skuId}`,
      accountId: SAMPLE_TENANT_ID,
      accountName: 'northwindbikes',
      appliesTo: 'User',
      capabilityStatus: 'Enabled',
      consumedUnits: 361,
      skuId,
      skuPartNumber: 'AAD_PREMIUM',
      subscriptionIds: [guid('subscription')],
      prepaidUnits: { enabled: 400, suspended: 0, warning: 0, lockedOut: 0 },
      servicePlans: [
        { servicePlanId: P1_PLAN, servicePlanName: 'AAD_PREMIUM', provisioningStatus: 'Success', appliesTo: 'User' },
      ],
    },
  ];
}

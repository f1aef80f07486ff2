import { createDirectoryTable } from '../tenant/directory-table.js';
import { createLinkTable } from '../tenant/link-table.js';
import { keptObjects } from '../tenant/object-source.js';
import { createSignInLog } from '../tenant/sign-in-log.js';
import type { TenantData } from '../tenant/tenant-data.js';
import {
  DOMAINS,
  SAMPLE_CLIENT_ID,
  SAMPLE_CLIENT_SECRET,
  SAMPLE_ROLES,
  SAMPLE_SECRET_ID,
  SAMPLE_TENANT_ID,
} from './constants.js';
import { employees } from './employees.js';
import { guests } from './guests.js';
import { oddNames } from './odd-names.js';
import { oddPeople } from './odd-people.js';
import { domains, organization, subscribedSkus } from './organization.js';

export interface SampleOptions {
  /** The end of the 30 days that the sign-ins cover; the last midnight (UTC) unless given. */
  readonly now?: Date | undefined;
}

/** Northwind Bikes, about 400 people: a fresh copy at each call, the same for the same `now`. */
export function sampleTenant(_options: SampleOptions = {}): TenantData {
  return {
    tenantId: SAMPLE_TENANT_ID,
    displayName: 'Northwind Bikes',
    domains: Object.values(DOMAINS),
    applications: new Map([
      [
        SAMPLE_CLIENT_ID,
        {
          clientId: SAMPLE_CLIENT_ID,
          enabled: true,
          secrets: [{ id: SAMPLE_SECRET_ID, value: SAMPLE_CLIENT_SECRET }],
          roles: SAMPLE_ROLES,
        },
      ],
    ]),
    premium: true,
    concealedNames: false,
    users: createDirectoryTable(keptObjects([...employees(), ...guests(), ...oddPeople(), ...oddNames()])),
    servicePrincipals: createDirectoryTable(keptObjects([])),
    groups: createDirectoryTable(keptObjects([])),
    devices: createDirectoryTable(keptObjects([])),
    contacts: createDirectoryTable(keptObjects([])),
    members: createLinkTable(),
    appRoleAssignments: createLinkTable(),
    signIns: createSignInLog(),
    organization: organization(),
    subscribedSkus: subscribedSkus(),
    verifiedDomains: domains(),
  };
}

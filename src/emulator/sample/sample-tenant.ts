import { createDirectoryTable } from '../tenant/directory-table.js';
import { createLinkTable } from '../tenant/link-table.js';
import { keptObjects } from '../tenant/object-source.js';
import { createSignInLog, newestFirst } from '../tenant/sign-in-log.js';
import type { Application, TenantData } from '../tenant/tenant-data.js';
import { applications } from './applications.js';
import { assignments } from './assignments.js';
import {
  DOMAINS,
  SAMPLE_CLIENT_ID,
  SAMPLE_CLIENT_SECRET,
  SAMPLE_ROLES,
  SAMPLE_SECRET_ID,
  SAMPLE_TENANT_ID,
} from './constants.js';
import { employees } from './employees.js';
import { CONTACTS, DEVICES, groups } from './groups.js';
import { guests } from './guests.js';
import { oddNames } from './odd-names.js';
import { oddPeople } from './odd-people.js';
import { domains, organization, subscribedSkus } from './organization.js';
import { signIns } from './sign-ins.js';

export interface SampleOptions {
  /** The end of the 30 days that the sign-ins cover; the last midnight (UTC) unless given. */
  readonly now?: Date | undefined;
}

const DAY_MS = 86_400_000;

/** Northwind Bikes, about 400 people: a fresh copy at each call, the same for the same `now`. */
export function sampleTenant({ now = lastMidnight() }: SampleOptions = {}): TenantData {
  const people = [...employees(), ...guests(), ...oddPeople(), ...oddNames()];
  const apps = applications();
  const [firstApp = { id: '' }] = apps;
  const teams = groups(people, firstApp);
  const members = new Map(teams.map(({ group, members }) => [group.id, members]));
  const access = assignments({ users: people, applications: apps, groups: teams });
  const log = newestFirst(signIns({ users: people, applications: apps, now }));
  return {
    tenantId: SAMPLE_TENANT_ID,
    displayName: 'Northwind Bikes',
    domains: Object.values(DOMAINS),
    applications: new Map([[SAMPLE_CLIENT_ID, reader()]]),
    premium: true,
    concealedNames: false,
    users: createDirectoryTable(keptObjects(people)),
    servicePrincipals: createDirectoryTable(keptObjects(apps)),
    groups: createDirectoryTable(keptObjects(teams.map(({ group }) => group))),
    devices: createDirectoryTable(keptObjects(DEVICES)),
    contacts: createDirectoryTable(keptObjects(CONTACTS)),
    members: createLinkTable((groupId) => members.get(groupId) ?? []),
    appRoleAssignments: createLinkTable((resourceId) => access.get(resourceId) ?? []),
    signIns: createSignInLog(keptObjects(log)),
    organization: organization(),
    subscribedSkus: subscribedSkus(),
    verifiedDomains: domains(),
  };
}

function reader(): Application {
  return {
    clientId: SAMPLE_CLIENT_ID,
    enabled: true,
    secrets: [{ id: SAMPLE_SECRET_ID, value: SAMPLE_CLIENT_SECRET }],
    roles: SAMPLE_ROLES,
  };
}

function lastMidnight(): Date {
  return new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
}

import { guid } from '../guid.js';
import type { GraphObject } from '../tenant/graph-object.js';
import type { MemberReference } from '../tenant/tenant-data.js';
import { DOMAINS } from './constants.js';
import { mailName } from './names.js';

/** A group and who is in it. */
export interface SampleGroup {
  readonly group: GraphObject;
  readonly members: readonly MemberReference[];
}

/** The devices that are members of groups. */
export const DEVICES: readonly GraphObject[] = ['KIOSK-01', 'SCANNER-07', 'LAPTOP-☕'].map((displayName) => ({
  id: guid('sample device', displayName),
  deletedDateTime: null,
  accountEnabled: true,
  deviceId: guid('sample device id', displayName),
  displayName,
  operatingSystem: 'Windows',
  operatingSystemVersion: '10.0.26100.1',
  trustType: 'AzureAd',
}));

/** The contacts that are members of groups. */
export const CONTACTS: readonly GraphObject[] = ['Tyre Supplier', 'Bell Supplier'].map((displayName) => ({
  id: guid('sample contact', displayName),
  deletedDateTime: null,
  companyName: displayName,
  displayName,
  givenName: null,
  mail: `${mailName(displayName)}@suppliers.example`,
  mailNickname: mailName(displayName),
  surname: null,
}));

const reference =
  (type: MemberReference['type']) =>
  ({ id }: GraphObject): MemberReference => ({ type, id });

/** The groups, of these users and this service principal. */
export function groups(users: readonly GraphObject[], servicePrincipal: GraphObject): readonly SampleGroup[] {
  const people = (from: number, count: number): readonly MemberReference[] =>
    users.slice(from, from + count).map(reference('user'));
  const teams = [
    'Sales', 'Marketing', 'Finance', 'Legal', 'Service Desk', 'Frame Builders', 'Painters', 'Dispatch', 'Buyers', 'Night Shift',
  ].map((name, index) => sampleGroup(name, people(index * 13, 9 + index))); // prettier-ignore
  const large = sampleGroup('Everyone in Utrecht', people(40, 150));
  const nested = sampleGroup('Nested: Warehouse Leads', people(200, 6));
  return [
    ...teams,
    large,
    nested,
    sampleGroup('Warehouse', [
      ...people(180, 12),
      reference('group')(nested.group),
      ...DEVICES.map(reference('device')),
    ]),
    sampleGroup('Only a group inside', [reference('group')(nested.group)]),
    sampleGroup('Suppliers', [...CONTACTS.map(reference('orgContact')), ...people(5, 2)]),
    sampleGroup('Nobody', []),
    sampleGroup('Kiosks', DEVICES.map(reference('device'))),
    sampleGroup('Automation', [reference('servicePrincipal')(servicePrincipal), ...people(33, 3)]),
    sampleGroup('Guests of Design', people(310, 20)),
    sampleGroup('Odd people', people(users.length - 40, 40)),
  ];
}

function sampleGroup(displayName: string, members: readonly MemberReference[]): SampleGroup {
  const nickname = mailName(displayName);
  const isUnified = displayName === 'Marketing';
  const group = {
    id: guid('sample group', displayName),
    deletedDateTime: null,
    createdDateTime: '2019-10-24T01:34:35Z',
    description: null,
    displayName,
    groupTypes: isUnified ? ['Unified'] : [],
    mail: isUnified ? `${nickname}@${DOMAINS.main}` : null,
    mailEnabled: isUnified,
    mailNickname: nickname,
    proxyAddresses: isUnified ? [`SMTP:${nickname}@${DOMAINS.main}`] : [],
    securityEnabled: true,
    visibility: isUnified ? 'Public' : null,
  };
  return { group, members };
}

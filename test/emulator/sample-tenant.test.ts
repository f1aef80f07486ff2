import { expect, test } from '@jest/globals';
import { guid } from '../../src/emulator/guid.js';
import { generateTenant } from '../../src/emulator/generate/generate-tenant.js';
import { DEFAULT_ROLE } from '../../src/emulator/sample/application.js';
import { sampleTenant } from '../../src/emulator/sample/sample-tenant.js';
import type { DirectoryTable } from '../../src/emulator/tenant/directory-table.js';
import type { GraphObject } from '../../src/emulator/tenant/graph-object.js';

const NOW = new Date('2026-03-31T00:00:00Z');
const all = (table: DirectoryTable): readonly GraphObject[] =>
  table.places(-1, Infinity).map((place) => table.at(place));
const people = all(sampleTenant({ now: NOW }).users);
const texts = (name: string): string[] =>
  people.flatMap((user) => (typeof user[name] === 'string' ? [user[name]] : []));
const lists = (name: string): string[] => people.flatMap((user) => user[name] as string[]);
const isAgent = (user: GraphObject): boolean => user['@odata.type'] === '#microsoft.graph.agentUser';
const isGuestName = (user: GraphObject): boolean => String(user['userPrincipalName']).includes('#EXT#@');

test('two copies are equal and share nothing that can change', () => {
  const [one, two] = [sampleTenant({ now: NOW }), sampleTenant({ now: NOW })];
  expect(all(one.users)).toEqual(all(two.users));
  expect([...one.signIns.newestFirst()]).toEqual([...two.signIns.newestFirst()]);
  one.users.softDelete(people[0]!.id);
  one.premium = false;
  expect([two.users.size, two.premium]).toEqual([people.length, true]);
});

test('ids and names are of one person each', () => {
  expect(people.length).toBeGreaterThan(390);
  expect(new Set(people.map(({ id }) => id)).size).toBe(people.length);
  expect(new Set(texts('userPrincipalName').map((name) => name.toLowerCase())).size).toBe(people.length);
});

test.each<[string, (user: GraphObject) => boolean]>([
  [
    'guests with the mail of their home',
    (user) => String(user['userPrincipalName']).includes('#EXT#@') && !String(user['mail']).includes('northwind'),
  ],
  [
    'guests who never came and have no mail',
    (user) => user['externalUserState'] === 'PendingAcceptance' && user['mail'] === null,
  ],
  ['guests who became members', (user) => user['creationType'] === 'Invitation' && user['userType'] === 'Member'],
  ['people without a type', (user) => user['userType'] === null],
  ['people without a mail', (user) => user['mail'] === null],
  ['mails in upper case', (user) => /^[^a-z]+$/.test(String(user['mail']))],
  ['disabled accounts', (user) => user['accountEnabled'] === false],
  ['no hire date', (user) => user['employeeHireDate'] === null],
  ['a hire date that is none', (user) => user['employeeHireDate'] === '0001-01-01T00:00:00Z'],
  ['no date at all', (user) => user['employeeHireDate'] === null && user['createdDateTime'] === null],
  ['an office', (user) => user['officeLocation'] !== null],
  ['a city and no office', (user) => user['city'] !== null && user['officeLocation'] === null],
  [
    'only a usage location',
    (user) => user['usageLocation'] !== null && user['city'] === null && user['officeLocation'] === null,
  ],
  ['concealed names', (user) => /^[0-9a-f]{32}$/i.test(String(user['userPrincipalName']))],
  ['agents that are members', (user) => isAgent(user) && user['userType'] === 'Member'],
  ['agents that are guests', (user) => isAgent(user) && user['userType'] === 'Guest'],
  ['agents without a type', (user) => isAgent(user) && user['userType'] === null],
  ['types in lower case', (user) => user['userType'] === 'member'],
  ["a hire date that is Windows' nothing", (user) => user['employeeHireDate'] === '1601-01-01T00:00:00Z'],
  [
    'guests whom only another address tells',
    (user) => isGuestName(user) && user['mail'] === null && String(user['otherMails']).includes('@'),
  ],
  ['guests without any address', (user) => isGuestName(user) && user['mail'] === null && !String(user['otherMails'])],
  ['names that are blank', (user) => String(user['userPrincipalName']).trim() === ''],
])('there are %s', (_, is) => {
  expect(people.filter(is).length).toBeGreaterThan(0);
});

test.each([
  'city', 'country', 'department', 'displayName', 'givenName', 'mail', 'officeLocation', 'state', 'surname',
  'usageLocation', 'userType', 'userPrincipalName',
])('%s is blank for one person, and has blanks around it for another', (name) => {
  expect(texts(name).some((text) => text !== '' && text.trim() === '')).toBe(true);
  expect(texts(name).some((text) => text.trim() !== '' && text.trim() !== text)).toBe(true);
}); // prettier-ignore

test('dates have 0 to 7 digits of a second', () => {
  const digits = texts('createdDateTime').map((date) => (/\.(\d+)Z$/.exec(date)?.[1] ?? '').length);
  expect(new Set(digits)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
});

test('addresses have every prefix, names every character that breaks things', () => {
  for (const prefix of ['SMTP:', 'smtp:', 'smtp: ', 'x500:', 'sip:', 'SPO:']) {
    expect(lists('proxyAddresses').some((address) => address.startsWith(prefix))).toBe(true);
  }
  expect(lists('otherMails').length).toBeGreaterThan(0);
  const names = texts('givenName').concat(texts('surname')).join('|');
  for (const character of ['\t', '\n', '"', "'", '\\', '\\N', ',', '{', '🚲', 'محمد', '\u0308', '\u200B'])
    expect(names).toContain(character);
});

test('applications are of every kind, groups of every size, access of every way', () => {
  const tenant = sampleTenant({ now: NOW });
  const apps = all(tenant.servicePrincipals);
  expect(apps.length).toBeGreaterThan(50);
  expect(new Set(apps.map((app) => app['servicePrincipalType']))).toEqual(
    new Set(['Application', 'ManagedIdentity', 'ServiceIdentity', 'Legacy', 'SocialIdp', null]),
  );
  expect(new Set(apps.map((app) => app['preferredSingleSignOnMode']))).toEqual(
    new Set(['saml', 'oidc', 'password', 'notSupported', null, ' ']),
  );
  const groups = all(tenant.groups);
  expect(groups).toHaveLength(20);
  expect(new Set(groups.flatMap(({ id }) => tenant.members.of(id).map(({ type }) => type))).size).toBe(5);
  expect(Math.max(...groups.map(({ id }) => tenant.members.of(id).length))).toBe(150);
  const access = apps.flatMap(({ id }) => tenant.appRoleAssignments.of(id));
  expect(new Set(access.map((one) => one['principalType']))).toEqual(new Set(['User', 'Group', 'ServicePrincipal']));
  expect(
    access.some((one) => one['appRoleId'] !== DEFAULT_ROLE) && access.some((one) => one['createdDateTime'] === null),
  ).toBe(true);
  expect(new Set(access.map(({ id }) => id)).size).toBe(access.length);
});

test('sign-ins lie in the thirty days before now and contain those of nobody', () => {
  const signIns = [...sampleTenant({ now: NOW }).signIns.newestFirst()];
  expect(signIns.length).toBeGreaterThan(3000);
  const dates = signIns.map(({ createdDateTime }) => Date.parse(String(createdDateTime)));
  expect(Math.max(...dates)).toBeLessThan(NOW.valueOf());
  expect(Math.min(...dates)).toBeGreaterThan(NOW.valueOf() - 30.1 * 86_400_000);
  for (const userId of ['', '00000000-0000-0000-0000-000000000000'])
    expect(signIns.some((one) => one['userId'] === userId)).toBe(true);
  for (const name of ['{PII Removed}@domain.com', 'fe7cc8c15246edcca289c9a4022762f7', null])
    expect(signIns.some((one) => one['userPrincipalName'] === name)).toBe(true);
  expect(new Set(dates).size).toBeLessThan(signIns.length);
});

test('a generated tenant of a million is there at once, and everyone is found by id', () => {
  const { users, members, groups, appRoleAssignments, servicePrincipals } = generateTenant({
    users: 1_000_000,
    groups: 5,
    servicePrincipals: 5,
    membersPerGroup: 1000,
  });
  const last = users.at(999_999);
  expect(users.get(last.id)).toEqual(last);
  expect(users.get(guid('nobody'))).toBeUndefined();
  const inside = members.of(groups.at(2).id);
  expect(new Set(inside.map(({ id }) => id)).size).toBe(1000);
  expect(inside.every(({ id }) => users.get(id) !== undefined)).toBe(true);
  const access = appRoleAssignments.of(servicePrincipals.at(4).id);
  expect(access).toHaveLength(50);
  expect(
    access
      .filter((one) => one['principalType'] === 'Group')
      .every((one) => groups.get(String(one['principalId'])) !== undefined),
  ).toBe(true);
});

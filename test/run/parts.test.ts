// What Graph leaves out says nothing: an object that is told in part never turns a stored value into null.
import { applicationDiscovery } from '../../src/jobs/application-discovery/index.js';
import { graphServicePrincipal } from '../../src/jobs/application-discovery/item.js';
import { graphUser } from '../../src/jobs/hr-roster/item.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { idsOf, strikeOf } from '../support/absence.js';
import { expectedRoster, ROSTER_SQL } from '../support/roster-oracle.js';
import { createWorld, graphPaths, tenantOf, usersOf, type World } from '../support/setup/world.js';

const EVERYBODY = { includeGuests: true, domainNames: [] };
/** Two pages of a listing, three of changes. */
const PEOPLE = 1100;
const CHANGED = 450;

let world: World;
beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE) });
});
afterEach(() => world.close());

const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], ...EVERYBODY, ...options });
const strike = strikeOf(() => world);
const expectRight = async (filters = EVERYBODY) =>
  expect(await world.database.rows(ROSTER_SQL)).toEqual(expectedRoster(usersOf(world.tenant), filters));
const change = (count: number) => {
  for (const id of idsOf(world.tenant.users).slice(0, count)) world.tenant.users.update(id, { department: 'Merged' });
};
const asked = () => graphPaths(world.emulator).filter((path) => /^\/v1\.0\/users\/[0-9a-f]{8}-/.test(path)).length;
const batches = () => graphPaths(world.emulator).filter((path) => path === '/v1.0/$batch').length;

const PARTS: readonly (readonly [string, readonly string[]])[] = [
  ['the id alone', []],
  ['the change alone', ['department']],
  ['names only', ['userPrincipalName', 'displayName', 'accountEnabled', 'department']],
  ['all but the mail', all().filter((name) => name !== 'mail')],
  ['all but the date', all().filter((name) => name !== 'createdDateTime')],
  ['all but the change', all().filter((name) => name !== 'department')],
  ['all but the aliases', all().filter((name) => name !== 'proxyAddresses')],
];

/** What is read of a person. */
function all(): string[] {
  return Object.keys(graphUser.shape);
}

describe.each(PARTS)('Told as %s', (_, properties) => {
  test('a person keeps all that the change leaves out, on whichever page it is told', async () => {
    await sync();
    change(CHANGED);
    strike('/v1.0/users/delta', { kind: 'tell-part', properties }, { times: 'always' });
    expect(await sync()).toMatchObject([{ outcome: 'complete', changed: CHANGED, removed: 0, quarantined: 0 }]);
    await expectRight();
  });

  test('a person of the second page of a listing is asked for', async () => {
    strike(/^\/v1\.0\/users\?.*skiptoken/, { kind: 'tell-part', properties });
    expect(await sync()).toMatchObject([{ outcome: 'complete', added: PEOPLE }]);
    await expectRight();
  });
});

test('objects that are told in part cost one more request for every twenty, however they are spread over the pages', async () => {
  await sync();
  change(CHANGED);
  const everyTenth = (page: unknown) => {
    const { value, ...rest } = page as { value: { id: string }[] };
    return { ...rest, value: value.map((item, index) => (index % 10 === 0 ? { id: item.id } : item)) };
  };
  strike('/v1.0/users/delta', { kind: 'edit', edit: everyTenth }, { times: 'always' });
  world.emulator.clearRequests();
  const [run] = await sync();
  expect(asked()).toBe(CHANGED / 10);
  expect(batches()).toBe(3);
  expect(run).toMatchObject({ outcome: 'complete', changed: CHANGED, requests: 3 + 3 });
  await expectRight();
});

test('properties that were never set are not asked for: the stored row shows that nothing would be erased', async () => {
  await sync();
  change(CHANGED);
  world.emulator.clearRequests();
  expect(await sync()).toMatchObject([{ outcome: 'complete', changed: CHANGED, requests: 3 }]);
  await expectRight();
});

test('an object that is told twice in a round is asked for: what is stored of it is old by then', async () => {
  const [id] = idsOf(world.tenant.users);
  world.tenant.users.update(id!, { department: null });
  await sync();
  world.tenant.users.update(id!, { department: 'Meanwhile', displayName: 'New Name' });
  const user = world.tenant.users.get(id!)!;
  const { department: _, ...part } = user;
  for (const value of [
    [user, part],
    [part, user, part],
  ]) {
    strike('/v1.0/users/delta', { kind: 'patch', operations: [{ op: 'replace', path: '/value', value }] });
    expect(await sync()).toMatchObject([{ outcome: 'complete' }]);
    await expectRight();
    world.tenant.users.update(id!, { displayName: 'Newer Name' });
  }
});

test('a guest who is told without the type does not slip through the filter', async () => {
  const filters = { includeGuests: false, domainNames: [] };
  await sync(filters);
  const guests = usersOf(world.tenant).filter(({ userType }) => userType === 'Guest');
  for (const { id } of guests) world.tenant.users.update(String(id), { department: 'Merged' });
  const properties = all().filter((name) => name !== 'userType');
  strike('/v1.0/users/delta', { kind: 'tell-part', properties }, { times: 'always' });
  expect(await sync(filters)).toMatchObject([{ outcome: 'complete', added: 0, filtered: guests.length }]);
  await expectRight(filters);
});

test('an answer about somebody else is not believed', async () => {
  await sync();
  const [first, second] = idsOf(world.tenant.users);
  world.tenant.users.update(first!, { displayName: 'New Name' });
  strike('/v1.0/users/delta', { kind: 'tell-part', properties: [] });
  strike(
    `/v1.0/users/${first}`,
    { kind: 'edit', edit: () => ({ ...world.tenant.users.get(second!)! }) },
    { times: 'always' },
  );
  expect(await sync()).toMatchObject([{ outcome: 'partial', changed: 0, removed: 0 }]);
  world.emulator.faults.clear();
  expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 1, items: PEOPLE }]);
  await expectRight();
});

test('if the asked object lacks a property as well, the property is not set', async () => {
  await sync();
  const [id] = idsOf(world.tenant.users);
  world.tenant.users.update(id!, { displayName: 'New Name', department: null });
  strike('/v1.0/users/delta', { kind: 'tell-part', properties: ['displayName'] });
  strike(`/v1.0/users/${id}`, { kind: 'tell-part', properties: all().filter((name) => name !== 'department') });
  expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 1 }]);
  await expectRight();
});

test.each([
  'appRoleAssignmentRequired',
  'verifiedPublisher',
  'oauth2PermissionScopes',
  'appDisplayName',
  'displayName',
])('an application that is told without %s keeps it', async (name) => {
  await world.close();
  world = await createWorld();
  const discover = (full = false) => world.sync({ tasks: [applicationDiscovery], full });
  const rows = () =>
    world.database.rows('select t.*, null as changed_at from rollcall.discovered_applications t order by 4');
  await discover();
  for (const id of idsOf(world.tenant.servicePrincipals)) {
    const { accountEnabled } = world.tenant.servicePrincipals.get(id)!;
    world.tenant.servicePrincipals.update(id, { accountEnabled: accountEnabled !== true });
  }
  const properties = Object.keys(graphServicePrincipal.shape).filter((each) => each !== name);
  strike('/v1.0/servicePrincipals/delta', { kind: 'tell-part', properties }, { times: 'always' });
  expect(await discover()).toMatchObject([{ outcome: 'complete' }]);
  const found = await rows();
  expect(await discover(true)).toMatchObject([{ outcome: 'complete', changed: 0, added: 0, removed: 0 }]);
  expect(found).toEqual(await rows());
});

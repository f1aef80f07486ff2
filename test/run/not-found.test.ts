// A 404 is no proof of absence: only an object that Graph says is removed, or that lies among the deleted ones, is gone.
import { applicationDiscovery } from '../../src/jobs/application-discovery/index.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { idsOf, refusal, strikeOf } from '../support/absence.js';
import { expectedRoster, ROSTER_SQL } from '../support/roster-oracle.js';
import { createWorld, graphPaths, tenantOf, usersOf, type World } from '../support/setup/world.js';

const EVERYBODY = { includeGuests: true, domainNames: [] };
const PEOPLE = 50;

let world: World;
let id: string;
beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE) });
  id = idsOf(world.tenant.users)[7]!;
  await sync();
  world.emulator.clearRequests();
});
afterEach(() => world.close());

const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], ...EVERYBODY, ...options });
const strike = strikeOf(() => world);
const expectRight = async () =>
  expect(await world.database.rows(ROSTER_SQL)).toEqual(expectedRoster(usersOf(world.tenant), EVERYBODY));
const rowOf = () => world.database.rows('select * from rollcall_data.users where user_id = $1', [id]);
const NOT_FOUND = refusal(404, 'Request_ResourceNotFound');
/** The change is told with nothing but the id. */
const tellTheId = (ids = [id]) =>
  strike('/v1.0/users/delta', {
    kind: 'patch',
    operations: [{ op: 'replace', path: '/value', value: ids.map((each) => ({ id: each })) }],
  });

test('a person who is not found once is asked for again, and stays', async () => {
  world.tenant.users.update(id, { department: 'Elsewhere' });
  tellTheId();
  strike(`/v1.0/users/${id}`, NOT_FOUND);
  expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 1, removed: 0 }]);
  await expectRight();
});

test('a person who is not found and lies among the deleted ones is gone', async () => {
  world.tenant.users.softDelete(id);
  tellTheId();
  expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 1, note: null }]);
  expect(await rowOf()).toMatchObject([{ removed_reason: 'gone' }]);
  await expectRight();
});

test('a person who is found nowhere stays until a full read has not met them either', async () => {
  const [before] = await rowOf();
  world.tenant.users.hardDelete(id);
  tellTheId();
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'partial', removed: 0, note: expect.stringContaining('1 users') });
  expect(run!.note).toContain('The next run reads everything');
  expect(await rowOf()).toEqual([before]);
  world.emulator.clearRequests();
  expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 1 }]);
  expect(graphPaths(world.emulator).some((path) => path.startsWith('/v1.0/users?'))).toBe(true);
  await expectRight();
});

test('a person who is not found for a while and then lives has the same row', async () => {
  const [before] = await rowOf();
  tellTheId();
  strike(`/v1.0/users/${id}`, NOT_FOUND, { times: 2 });
  expect(await sync()).toMatchObject([{ outcome: 'partial', removed: 0 }]);
  expect(await sync()).toMatchObject([{ outcome: 'complete', added: 0, changed: 0, removed: 0, unchanged: PEOPLE }]);
  expect(await rowOf()).toEqual([before]);
});

test.each([
  [403, 'Authorization_RequestDenied'],
  [410, 'Gone'],
  [400, 'Request_BadRequest'],
  [501, 'NotImplemented'],
])('a person for whom Graph answers %i stays as they are, and the run says so', async (status, code) => {
  const [before] = await rowOf();
  tellTheId();
  strike(`/v1.0/users/${id}`, refusal(status, code), { times: 'always' });
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'partial', removed: 0, changed: 0 });
  expect(await rowOf()).toEqual([before]);
  world.emulator.faults.clear();
  expect(await sync()).toMatchObject([{ outcome: 'complete', unchanged: PEOPLE }]);
});

test('if the deleted ones may not be seen, a person who is not found stays', async () => {
  world.tenant.users.softDelete(id);
  tellTheId();
  strike('/v1.0/directory/deletedItems', refusal(403, 'Authorization_RequestDenied'), { times: 'always' });
  expect(await sync()).toMatchObject([{ outcome: 'partial', removed: 0 }]);
  world.emulator.faults.clear();
  expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 1 }]);
  await expectRight();
});

test('a deleted object with another id proves nothing', async () => {
  world.tenant.users.hardDelete(id);
  tellTheId();
  strike(
    '/v1.0/directory/deletedItems',
    { kind: 'reply', status: 200, body: { id: idsOf(world.tenant.users)[0] } },
    { times: 'always' },
  );
  expect(await sync()).toMatchObject([{ outcome: 'partial', removed: 0 }]);
});

test('a person who is new and not found yet is there after the next run', async () => {
  const fresh = 'b19b19b1-0000-4000-8000-0000000a0001';
  world.tenant.users.put({ ...world.tenant.users.get(id)!, id: fresh, displayName: 'New Name' });
  tellTheId([fresh]);
  strike(`/v1.0/users/${fresh}`, NOT_FOUND, { times: 2 });
  expect(await sync()).toMatchObject([{ outcome: 'partial', added: 0, removed: 0, unchanged: PEOPLE }]);
  expect(await sync()).toMatchObject([{ outcome: 'complete', added: 1 }]);
  await expectRight();
});

test('whom a full read has listed is not lost because a change of theirs is not found', async () => {
  const everybody = idsOf(world.tenant.users);
  strike('/v1.0/users?', {
    kind: 'edit',
    edit(page) {
      world.tenant.users.update(id, { department: 'Meanwhile' });
      world.tenant.users.softDelete(everybody[9]!);
      return page;
    },
  });
  strike(/delta\?\$deltatoken=(?!latest)/, { kind: 'tell-part', properties: [] }, { times: 'always' });
  strike(`/v1.0/users/${id}`, NOT_FOUND, { times: 'always' });
  const [run] = await sync({ full: true });
  expect(run).toMatchObject({ outcome: 'partial', removed: 1, unchanged: PEOPLE - 1 });
  world.emulator.faults.clear();
  expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 1, removed: 0 }]);
  await expectRight();
});

test('many who are told by their ids are asked for in batches, and those not found are looked for in batches', async () => {
  const everybody = idsOf(world.tenant.users);
  for (const each of everybody.slice(0, 20)) world.tenant.users.update(each, { department: 'Elsewhere' });
  for (const each of everybody.slice(20, 24)) world.tenant.users.softDelete(each);
  tellTheId(everybody.slice(0, 24));
  world.emulator.clearRequests();
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'complete', changed: 20, removed: 4, requests: 1 + 2 + 1 + 1 });
  await expectRight();
});

test('an application that is told in part and not found keeps its row', async () => {
  await world.close();
  world = await createWorld();
  await world.sync({ tasks: [applicationDiscovery] });
  const [application] = idsOf(world.tenant.servicePrincipals);
  const row = () =>
    world.database.rows('select * from rollcall_data.service_principals where app_instance_id = $1', [application]);
  const before = await row();
  world.tenant.servicePrincipals.update(application!, { displayName: 'Renamed' });
  strike('/v1.0/servicePrincipals/delta', { kind: 'tell-part', properties: ['displayName'] });
  strike(`/v1.0/servicePrincipals/${application}`, NOT_FOUND, { times: 'always' });
  expect(await world.sync({ tasks: [applicationDiscovery] })).toMatchObject([
    { outcome: 'partial', removed: 0, note: expect.stringContaining('applications') },
  ]);
  expect(await row()).toEqual(before);
  world.emulator.faults.clear();
  world.tenant.servicePrincipals.softDelete(application!);
  expect(await world.sync({ tasks: [applicationDiscovery] })).toMatchObject([{ outcome: 'complete', removed: 1 }]);
});

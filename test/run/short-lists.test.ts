// A page without a link proves no end: Graph's own count says whether all of a listing has come.
import { applicationDiscovery } from '../../src/jobs/application-discovery/index.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { idsOf, refusal, strikeOf } from '../support/absence.js';
import { expectedRoster, ROSTER_SQL } from '../support/roster-oracle.js';
import { createWorld, graphPaths, SETTINGS, tenantOf, usersOf, type World } from '../support/setup/world.js';

const EVERYBODY = { includeGuests: true, domainNames: [] };
/** Three pages. */
const PEOPLE = 2100;
const PAGE = 999;

let world: World;
beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE) });
});
afterEach(() => world.close());

const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], ...EVERYBODY, ...options });
const strike = strikeOf(() => world);
const expectRight = async (filters = EVERYBODY) =>
  expect(await world.database.rows(ROSTER_SQL)).toEqual(expectedRoster(usersOf(world.tenant), filters));
const counts = () => graphPaths(world.emulator).filter((path) => path.endsWith('/$count')).length;
const endEarly = (nth = 2) => strike('/v1.0/users?', { kind: 'drop-link' }, { nth });

test('a first load whose listing ends early is partial, says so, and is read again from the start', async () => {
  endEarly();
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'partial', added: 2 * PAGE });
  expect(run!.note).toContain(`Graph listed ${2 * PAGE} of ${PEOPLE} users`);
  expect(counts()).toBe(2);
  expect(await sync()).toMatchObject([{ outcome: 'complete', added: PEOPLE - 2 * PAGE, note: null }]);
  await expectRight();
});

test('a later full read that ends early removes nobody', async () => {
  await sync();
  endEarly();
  expect(await sync({ full: true })).toMatchObject([{ outcome: 'partial', removed: 0, unchanged: 2 * PAGE }]);
  await expectRight();
  world.emulator.clearRequests();
  expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 0, unchanged: PEOPLE }]);
  expect(graphPaths(world.emulator).some((path) => path.startsWith('/v1.0/users?'))).toBe(true);
});

test('pages that repeat people instead of others are no whole listing either', async () => {
  await sync();
  let first: unknown[] = [];
  strike('/v1.0/users?', {
    kind: 'edit',
    edit: (page) => {
      first = (page as { value: unknown[] }).value;
      return page;
    },
  });
  strike('/v1.0/users?', { kind: 'edit', edit: (page) => ({ ...(page as object), value: first }) }, { nth: 2 });
  expect(await sync({ full: true })).toMatchObject([{ outcome: 'partial', removed: 0 }]);
  await expectRight();
});

test('a whole listing is compared with one count', async () => {
  expect(await sync()).toMatchObject([{ outcome: 'complete' }]);
  expect(counts()).toBe(1);
  expect(await sync()).toMatchObject([{ outcome: 'complete' }]);
  expect(counts()).toBe(1);
});

test('whoever is filtered, kept aside, or removed while the listing is read was met', async () => {
  const filters = { includeGuests: false, domainNames: [] };
  const [first] = idsOf(world.tenant.users);
  strike('/v1.0/users?', {
    kind: 'edit',
    edit: (page) => {
      const { value, ...rest } = page as { value: object[] };
      world.tenant.users.softDelete(first!);
      return { ...rest, value: [{ ...value[0], id: 7 }, ...value.slice(1)] };
    },
  });
  const [run] = await sync(filters);
  expect(run).toMatchObject({ outcome: 'partial', quarantined: 1, note: null });
  await sync(filters);
  await expectRight(filters);
});

test('who joins while the listing is read is no gap in it', async () => {
  const user = world.tenant.users.get(idsOf(world.tenant.users)[0]!)!;
  strike(
    '/v1.0/users?',
    {
      kind: 'edit',
      edit: (page) => {
        world.tenant.users.put({ ...user, id: 'b19b19b1-0000-4000-8000-0000000a0001' });
        return page;
      },
    },
    { nth: 3 },
  );
  expect(await sync()).toMatchObject([{ outcome: 'complete', added: PEOPLE + 1 }]);
  await expectRight();
});

test('a count that is high for a moment is asked for once more', async () => {
  strike('/v1.0/users/$count', { kind: 'reply', status: 200, headers: { 'Content-Type': 'text/plain' }, body: '9999' });
  expect(await sync()).toMatchObject([{ outcome: 'complete', note: null }]);
  expect(counts()).toBe(2);
});

test.each([
  [400, 'Request_BadRequest'],
  [403, 'Authorization_RequestDenied'],
  [404, 'Request_ResourceNotFound'],
  [415, 'Request_BadRequest'],
  [501, 'NotImplemented'],
])('a Graph that refuses to count (%i) is read as before', async (status, code) => {
  strike('/v1.0/users/$count', refusal(status, code), { times: 'always' });
  expect(await sync()).toMatchObject([{ outcome: 'complete', added: PEOPLE, note: null }]);
  world.tenant.users.softDelete(idsOf(world.tenant.users)[0]!);
  expect(await sync({ full: true })).toMatchObject([{ outcome: 'complete', removed: 1 }]);
  await expectRight();
});

test('while Graph fails to count nobody is removed by a listing', async () => {
  await sync();
  strike('/v1.0/users/$count', refusal(503, 'serviceNotAvailable'), { times: 'always' });
  world.tenant.users.softDelete(idsOf(world.tenant.users)[0]!);
  strike('/v1.0/users/delta', refusal(400, 'Request_BadRequest'), { times: 'always' });
  expect(await sync({ full: true })).toMatchObject([{ outcome: 'partial', removed: 0 }]);
  world.emulator.faults.clear();
  expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 1 }]);
  await expectRight();
});

test('a round of changes without a link to the next one has not ended', async () => {
  await sync();
  for (const id of idsOf(world.tenant.users).slice(0, 250)) world.tenant.users.update(id, { department: 'Merged' });
  strike('/v1.0/users/delta', { kind: 'drop-link' });
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'partial', changed: 200, removed: 0 });
  expect(run!.note).toContain('users');
  expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 50, unchanged: PEOPLE - 50 }]);
  await expectRight();
});

test('applications are counted too', async () => {
  await world.close();
  world = await createWorld({ largestPage: 5 });
  await world.sync({ tasks: [applicationDiscovery] });
  const rows = () => world.database.rows('select * from rollcall.discovered_applications order by app_instance_id');
  const before = await rows();
  strike('/v1.0/servicePrincipals?', { kind: 'drop-link' });
  const [run] = await world.sync({ tasks: [applicationDiscovery], full: true });
  expect(run).toMatchObject({ outcome: 'partial', removed: 0, note: expect.stringContaining('of') });
  expect(await rows()).toEqual(before);
});

test('a full read costs a request a thousand people, and twelve at most', async () => {
  const [run] = await sync();
  expect(run!.requests).toBeLessThanOrEqual(Math.ceil(PEOPLE / PAGE) + 12);
});

test('who falls out by a changed filter does so for that reason, even if the first read under it ends early', async () => {
  await sync();
  endEarly(1);
  const filters = { includeGuests: false, domainNames: [] };
  expect(await sync(filters)).toMatchObject([{ outcome: 'partial', removed: Math.floor(PAGE / 20) }]);
  expect(await sync({ ...filters, settings: { ...SETTINGS, removalGuardPercent: 1 } })).toMatchObject([
    { outcome: 'complete' },
  ]);
  await expectRight(filters);
});

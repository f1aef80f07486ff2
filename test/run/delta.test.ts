import { applicationDiscovery } from '../../src/jobs/application-discovery/index.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import type { Fault, FaultAction } from '../../src/emulator/index.js';
import { expectedRoster, ROSTER_SQL } from '../support/roster-oracle.js';
import { createWorld, graphPaths, SETTINGS, tenantOf, usersOf, type World } from '../support/setup/world.js';

/** Two pages of a listing. */
const PEOPLE = 1100;
const EVERYBODY = { includeGuests: true, domainNames: [] };

let world: World;
beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE) });
});
afterEach(() => world.close());

const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], ...EVERYBODY, ...options });
const ids = () => usersOf(world.tenant).map(({ id }) => String(id));
const expectRight = async () =>
  expect(await world.database.rows(ROSTER_SQL)).toEqual(expectedRoster(usersOf(world.tenant), EVERYBODY));
const strike = (path: string | RegExp, action: FaultAction, fault: Omit<Fault, 'action' | 'path'> = {}) =>
  world.emulator.faults.add({ path, ...fault, action });

/** How the last run has read: whether it listed everybody, how many pages of changes it asked for, and all it asked for. */
function howItRead() {
  const paths = graphPaths(world.emulator);
  world.emulator.clearRequests();
  const isDelta = (path: string) => path.startsWith('/v1.0/users/delta');
  return {
    listed: paths.some((path) => path.startsWith('/v1.0/users?')),
    changes: paths.filter(isDelta).length,
    requests: paths.length,
  };
}

const REPLY = (status: number, code: string): FaultAction => ({
  kind: 'reply',
  status,
  body: { error: { code, message: '' } },
});

test('a first read costs a request a thousand people, and a few more', async () => {
  await sync();
  expect(howItRead()).toMatchObject({ listed: true });
  await expectRight();
});

describe('In a tenant that was read before', () => {
  beforeEach(async () => {
    await sync();
    world.emulator.clearRequests();
  });

  test('where nothing has changed, one request says so', async () => {
    const [run] = await sync();
    expect(run).toMatchObject({
      outcome: 'complete',
      added: 0,
      changed: 0,
      removed: 0,
      unchanged: PEOPLE,
      requests: 1,
    });
    expect(howItRead()).toEqual({ listed: false, changes: 1, requests: 1 });
  });

  test('what has changed is read and nothing else: who joins, moves, leaves and comes back', async () => {
    const [moved, renamed, left, gone, back] = ids();
    const { users } = world.tenant;
    users.softDelete(back!);
    await sync();
    users.update(moved!, { department: 'Elsewhere' });
    users.update(renamed!, { displayName: 'New Name' });
    users.update(renamed!, { department: null });
    users.softDelete(left!);
    users.hardDelete(gone!);
    users.restore(back!);
    users.put({ ...users.get(moved!)!, id: 'b19b19b1-0000-4000-8000-0000000a0001', displayName: 'Somebody New' });
    world.emulator.clearRequests();
    const [run] = await sync();
    expect(run).toMatchObject({ outcome: 'complete', added: 2, changed: 2, removed: 2 });
    expect(run!.unchanged + run!.changed + run!.added).toBe(usersOf(world.tenant).length);
    expect(howItRead()).toMatchObject({ listed: false });
    await expectRight();
    const told = await world.database.rows(
      'select kind, reason from rollcall.changes where run_id = $1 order by 1, 2',
      [run!.id],
    );
    expect(told).toEqual([
      { kind: 'added', reason: 'returned' },
      { kind: 'added', reason: null },
      { kind: 'changed', reason: null },
      { kind: 'changed', reason: null },
      { kind: 'removed', reason: 'gone' },
      { kind: 'removed', reason: 'gone' },
    ]);
  });

  test('many pages of changes, empty ones among them, are read to their end', async () => {
    for (const id of ids().slice(0, 450)) world.tenant.users.update(id, { department: 'Merged' });
    strike('/v1.0/users/delta', { kind: 'empty-page' }, { nth: 2 });
    expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 450 }]);
    await expectRight();
  });

  test('somebody who was never known and is gone is nobody', async () => {
    const removed = { id: 'b19b19b1-0000-4000-8000-0000000a0002', '@removed': { reason: 'deleted' } };
    strike('/v1.0/users/delta', { kind: 'patch', operations: [{ op: 'add', path: '/value/0', value: removed }] });
    expect(await sync()).toMatchObject([{ outcome: 'complete', added: 0, changed: 0, removed: 0 }]);
    await expectRight();
  });

  test('where Graph tells only a part of somebody, the person is asked for', async () => {
    const [id] = ids();
    world.tenant.users.update(id!, { department: 'Elsewhere' });
    const part = [{ id, department: 'Elsewhere' }];
    strike('/v1.0/users/delta', { kind: 'patch', operations: [{ op: 'replace', path: '/value', value: part }] });
    expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 1, removed: 0 }]);
    expect(howItRead().requests).toBe(2);
    await expectRight();
  });

  test('a cursor of a Graph at another address is followed by a full read, and nothing is sent there', async () => {
    await world.database.pool.query(
      "update rollcall_data.cursors set position = replace(position, 'https://', 'https://elsewhere.')",
    );
    expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 0, items: PEOPLE }]);
    expect(howItRead()).toMatchObject({ listed: true });
    await expectRight();
  });

  test.each<[string, FaultAction]>([
    ['410', REPLY(410, 'resyncRequired')],
    ['400 syncStateNotFound', REPLY(400, 'SyncStateNotFound')],
    ['404', REPLY(404, 'Request_ResourceNotFound')],
    ['tokens that have expired', { kind: 'expire-tokens', tokens: 'delta' }],
  ])('a cursor that Graph has forgotten (%s) is followed by a full read, by itself', async (_, action) => {
    world.tenant.users.softDelete(ids()[0]!);
    strike('/v1.0/users/delta', action);
    expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 1, items: PEOPLE - 1 }]);
    expect(howItRead()).toMatchObject({ listed: true });
    await expectRight();
    await sync();
    expect(howItRead()).toMatchObject({ listed: false });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['it was asked for', () => sync({ full: true })],
    ['the filters differ', () => sync({ includeGuests: false })],
    ['the last one is a week ago', () => aged('full_read_at', 8)],
    ['the cursor is older than Graph keeps it', () => aged('moved_at', 6.5)],
  ])('everything is read where %s', async (_, work) => {
    await work();
    expect(howItRead()).toMatchObject({ listed: true });
  });

  async function aged(column: string, days: number) {
    await world.database.pool.query(`update rollcall_data.cursors set ${column} = now() - interval '${days} days'`);
    return sync();
  }

  test('removals beyond the guard are held; the next run reads everything, and they are held again', async () => {
    for (const id of ids().slice(0, 200)) world.tenant.users.softDelete(id);
    expect(await sync()).toMatchObject([{ outcome: 'held', removed: 200 }]);
    expect(howItRead()).toMatchObject({ listed: false });
    expect(await sync()).toMatchObject([{ outcome: 'held', removed: 200 }]);
    expect(howItRead()).toMatchObject({ listed: true });
    expect(await sync({ settings: { ...SETTINGS, removalGuardPercent: 100 } })).toMatchObject([
      { outcome: 'complete' },
    ]);
    await expectRight();
  });

  test('an item that no schema accepts is kept aside until the next run, which reads everything', async () => {
    world.tenant.users.update(ids()[0]!, { department: 'Elsewhere' });
    strike('/v1.0/users/delta', {
      kind: 'patch',
      operations: [{ op: 'replace', path: '/value/0/department', value: 7 }],
    });
    expect(await sync()).toMatchObject([{ outcome: 'partial', quarantined: 1, removed: 0, changed: 0 }]);
    expect(howItRead()).toMatchObject({ listed: false });
    expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 1 }]);
    expect(await world.database.rows('select from rollcall_data.quarantine')).toEqual([]);
    await expectRight();
  });
});

test('what changes while the listing is read is in the rows of the same run', async () => {
  await world.close();
  world = await createWorld({ tenant: tenantOf(PEOPLE) });
  const [first, second] = ids();
  const whileItIsRead = (page: unknown) => {
    world.tenant.users.update(first!, { department: 'Meanwhile' });
    world.tenant.users.softDelete(second!);
    return page;
  };
  strike('/v1.0/users?', { kind: 'edit', edit: whileItIsRead });
  await sync();
  await expectRight();
});

test.each<[string, FaultAction]>([
  ['knows no delta', REPLY(404, 'Request_ResourceNotFound')],
  ['refuses it', REPLY(400, 'Request_BadRequest')],
  ['has not got it', REPLY(501, 'NotImplemented')],
])('a Graph that %s is listed every time', async (_, action) => {
  strike('/v1.0/users/delta', action, { times: 'always' });
  expect(await sync()).toMatchObject([{ outcome: 'complete', items: PEOPLE }]);
  world.tenant.users.softDelete(ids()[0]!);
  expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 1 }]);
  expect(howItRead()).toMatchObject({ listed: true });
  await expectRight();
});

test('applications are told by their changes as well', async () => {
  await world.close();
  world = await createWorld();
  await world.sync({ tasks: [applicationDiscovery] });
  const [application] = world.tenant.servicePrincipals
    .places(-1, 1)
    .map((place) => world.tenant.servicePrincipals.at(place));
  world.tenant.servicePrincipals.update(application!.id, { displayName: 'Renamed' });
  world.emulator.clearRequests();
  expect(await world.sync({ tasks: [applicationDiscovery] })).toMatchObject([
    { outcome: 'complete', changed: 1, removed: 0 },
  ]);
  expect(graphPaths(world.emulator).filter((path) => /servicePrincipals\?/.test(path))).toEqual([]);
});

import type { FaultAction } from '../../src/emulator/index.js';
import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import { discardRun, releaseRun } from '../../src/jobs/run/held-removals.js';
import type { Run } from '../../src/store/index.js';
import { appOf, assign, group, groupOf, membersOf } from '../support/setup/access-tenant.js';
import { ACCESS_SQL } from '../support/access-oracle.js';
import { createWorld, graphPaths, SETTINGS, type World } from '../support/setup/world.js';

let world: World;
const EVERYBODY = { includeGuests: true, includeAgents: false, domainNames: [] };
const APP = 'Mail Merge Helper';
const OUTLIVED = '44444444-4444-4444-8444-444444444444';
const OUTER = '55555555-5555-4555-8555-555555555555';

/** An assignment that stays when its group is deleted. */
beforeEach(async () => {
  world = await createWorld();
  const { tenant } = world;
  tenant.assignmentsOutliveGroups = true;
  tenant.groups.put({ ...groupOf(tenant, 'Sales'), id: OUTLIVED, displayName: 'Outlived' });
  tenant.members.add(
    OUTLIVED,
    ...membersOf(tenant)
      .slice(0, 2)
      .map((id) => ({ type: 'user' as const, id })),
  );
  assign(tenant, APP, group(OUTLIVED));
  await world.sync(EVERYBODY);
});
afterEach(() => world.close());

const sync = async (settings = SETTINGS): Promise<Run> => {
  const runs = await world.sync({ ...EVERYBODY, tasks: [ssoRoster], settings });
  return runs.find(({ task }) => task === 'sso-roster')!;
};
const viaGroup = () =>
  world.database.rows('select user_id from rollcall.sso_roster where $1 = any(via_groups)', [OUTLIVED]);
const view = () => world.database.rows(ACCESS_SQL);
const known = () =>
  world.database.rows<{ id: string; runs: number; gone: boolean }>(
    'select parent_id as id, runs, gone_at is not null as gone from rollcall_data.skipped_parents order by 1',
  );
const strike = (path: string | RegExp, status: number, times: number | 'always' = 'always') => {
  const action: FaultAction = {
    kind: 'reply',
    status,
    body: { error: { code: 'Request_ResourceNotFound', message: '' } },
  };
  world.emulator.faults.add({ path, times, action });
};
const MEMBERS = `/v1.0/groups/${OUTLIVED}/members`;
const ITSELF = `/v1.0/groups/${OUTLIVED}?`;
const skippedTwice = async () => {
  for (const runs of [1, 2]) {
    expect(await sync()).toMatchObject({ outcome: 'partial', removed: 0, skippedParents: [{ id: OUTLIVED, runs }] });
  }
};

test('a group that is not found in three runs in a row, and is gone itself, loses its rows, and comes back if it is restored', async () => {
  const before = await view();
  world.tenant.groups.softDelete(OUTLIVED);
  await skippedTwice();
  expect(await viaGroup()).toHaveLength(2);
  expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0, removed: 2, skippedParents: [] });
  expect(await viaGroup()).toEqual([]);
  const told = await world.database.rows("select distinct reason from rollcall.changes where kind = 'removed'");
  expect(told).toEqual([{ reason: 'gone' }]);
  expect(await known()).toMatchObject([{ id: OUTLIVED, gone: true }]);

  world.emulator.clearRequests();
  expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0, removed: 0 });
  expect(graphPaths(world.emulator).some((path) => path.startsWith(MEMBERS))).toBe(true);

  world.tenant.groups.restore(OUTLIVED);
  expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0, added: 2 });
  expect(await view()).toEqual(before);
  expect(await known()).toEqual([]);
});

test('a group that Graph has, but not its members, keeps its rows and stays named, by its name', async () => {
  strike(MEMBERS, 404);
  for (let run = 1; run <= 5; run += 1) {
    expect(await sync()).toMatchObject({
      outcome: 'partial',
      removed: 0,
      skippedParents: [{ runs: run, name: run < 3 ? null : 'Outlived' }],
    });
  }
  expect(await viaGroup()).toHaveLength(2);
});

test.each([403, 400])('nor is a group gone if Graph answers %d when it is asked itself', async (status) => {
  strike(MEMBERS, 404);
  strike(ITSELF, status);
  await skippedTwice();
  expect(await sync()).toMatchObject({ outcome: 'partial', removed: 0 });
  expect(await viaGroup()).toHaveLength(2);
});

test('a group that another one has as a member exists, whatever a request for it says', async () => {
  const { tenant } = world;
  tenant.groups.put({ ...groupOf(tenant, 'Sales'), id: OUTER, displayName: 'Outer' });
  tenant.members.add(OUTER, { type: 'group', id: OUTLIVED });
  assign(tenant, APP, group(OUTER));
  strike(MEMBERS, 404);
  strike(ITSELF, 404);
  await skippedTwice();
  expect(await sync()).toMatchObject({ outcome: 'partial', removed: 0, skippedParents: [{ runs: 3 }] });
});

test('a group that is forbidden is never gone', async () => {
  strike(MEMBERS, 403);
  strike(ITSELF, 404);
  for (let run = 1; run <= 4; run += 1) expect(await sync()).toMatchObject({ outcome: 'partial', removed: 0 });
  expect(await viaGroup()).toHaveLength(2);
});

test('runs between which it was read do not add up', async () => {
  strike(MEMBERS, 404);
  await skippedTwice();
  world.emulator.faults.clear();
  expect(await sync()).toMatchObject({ outcome: 'complete' });
  strike(MEMBERS, 410);
  strike(ITSELF, 410);
  await skippedTwice();
  expect(await sync()).toMatchObject({ outcome: 'complete', removed: 2 });
});

test('runs that fail do not count', async () => {
  world.tenant.groups.softDelete(OUTLIVED);
  strike(`/v1.0/groups/${groupOf(world.tenant, 'Sales').id}/members`, 400, 2);
  for (const outcome of ['failed', 'failed', 'partial', 'partial', 'complete']) {
    expect(await sync()).toMatchObject({ outcome });
  }
});

test('what is gone waits for an operator if it is too much to remove', async () => {
  const { tenant, database } = world;
  for (const name of ['Everyone in Utrecht', 'Warehouse', 'Guests of Design'])
    tenant.groups.softDelete(groupOf(tenant, name).id);
  const before = await view();
  await sync();
  await sync();
  const held = await sync();
  expect(held).toMatchObject({ outcome: 'held' });
  expect(held.removed).toBeGreaterThan(100);
  expect(await view()).toEqual(before);
  await discardRun(database, held);
  const again = await sync();
  expect(again).toMatchObject({ outcome: 'held', removed: held.removed });
  await releaseRun(database, again);
  expect((await view()).length).toBeLessThan(before.length);
  expect(await sync()).toMatchObject({ outcome: 'complete', removed: 0 });
});

test('an application that discovery goes on listing is never gone; one that it has not read since is', async () => {
  const { id } = appOf(world.tenant, 'Acme CRM');
  strike(`/v1.0/servicePrincipals/${id}/appRoleAssignedTo`, 404);
  strike(`/v1.0/servicePrincipals/${id}?`, 404);
  for (let run = 1; run <= 4; run += 1) {
    const runs = await world.sync(EVERYBODY);
    expect(runs.find(({ task }) => task === 'sso-roster')).toMatchObject({ outcome: 'partial', removed: 0 });
  }
  world.emulator.faults.clear();
  expect(await sync()).toMatchObject({ outcome: 'complete' });
  world.tenant.servicePrincipals.hardDelete(id);
  await sync();
  await sync();
  const last = await sync({ ...SETTINGS, removalGuardPercent: 100 });
  expect(last).toMatchObject({ outcome: 'complete' });
  expect(last.removed).toBeGreaterThan(0);
});

test('of many that are not found, each is decided by itself, and they are asked for in batches', async () => {
  const { tenant } = world;
  const ids = Array.from({ length: 60 }, (_, n) => `6${String(n).padStart(7, '0')}-4444-4444-8444-444444444444`);
  for (const [n, id] of ids.entries()) {
    tenant.groups.put({ ...groupOf(tenant, 'Sales'), id, displayName: `Many ${n}` });
    tenant.members.add(id, { type: 'user', id: membersOf(tenant)[n]! });
    assign(tenant, APP, group(id));
  }
  await sync();
  const kinds = ids.map((id, n) => ({ id, kind: (n * 7) % 4 }));
  for (const { id, kind } of kinds) {
    if (kind === 0) tenant.groups.softDelete(id);
    if (kind === 1) strike(`/v1.0/groups/${id}/members`, 410);
    if (kind === 2) strike(`/v1.0/groups/${id}/members`, 403);
  }
  await sync();
  await sync();
  world.emulator.clearRequests();
  const run = await sync({ ...SETTINGS, removalGuardPercent: 100 });
  const of = (kind: number) => kinds.filter((each) => each.kind === kind).map(({ id }) => id);
  expect(run).toMatchObject({ outcome: 'partial', removed: of(0).length, skipped: of(1).length + of(2).length });
  const rows = await world.database.rows<{ id: string }>(
    "select distinct group_id as id from rollcall_data.group_members where removed_at is null and group_id::text like '6%' order by 1",
  );
  expect(rows.map(({ id }) => id)).toEqual([...of(1), ...of(2), ...of(3)].sort());
  const alone = world.emulator.requests.filter(
    ({ innerOf, path }) => innerOf === undefined && path.includes('/groups/'),
  );
  expect(alone.length).toBeLessThan(5);
});

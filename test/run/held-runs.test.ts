import { applicationDiscovery } from '../../src/jobs/application-discovery/index.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { discardRun, releaseRun } from '../../src/jobs/run/held-removals.js';
import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import { findRun, isRunLocked, settleHeldRun, tryLockRun, type Run } from '../../src/store/index.js';
import { fingerprint } from '../support/tenant-rows.js';
import { until } from '../support/until.js';
import { createWorld, usersOf, type World } from '../support/setup/world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.sync({ tasks: [hrRoster], includeGuests: true, includeAgents: true });
});
afterEach(() => world.close());

const sync = () => world.sync({ tasks: [hrRoster], includeGuests: true, includeAgents: true });
const people = async () =>
  (await world.database.rows<{ id: string }>('select user_id as id from rollcall.hr_roster order by 1')).map(
    ({ id }) => id,
  );
const removals = () =>
  world.database.rows("select row_key ->> 'user_id' as id from rollcall.changes where kind = 'removed' order by 1");
const live = () =>
  usersOf(world.tenant)
    .map(({ id }) => String(id))
    .sort();

/** Makes so many people leave that the next run is held. */
async function hold(): Promise<Run> {
  for (const id of live().slice(0, 60)) world.tenant.users.softDelete(id);
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'held', removed: 60 });
  return run!;
}

test('a release removes exactly those on the list, tells it once, and completes the run', async () => {
  const before = await people();
  const run = await hold();
  expect(await people()).toEqual(before);
  expect(await removals()).toEqual([]);
  await expect(releaseRun(world.database, run)).resolves.toBe(60);
  expect(await people()).toEqual(live());
  expect(await removals()).toHaveLength(60);
  expect(await findRun(world.database, run.id)).toMatchObject({ outcome: 'complete', removed: 60 });
  expect(await sync()).toMatchObject([{ outcome: 'complete', added: 0, changed: 0, removed: 0 }]);
  expect(await removals()).toHaveLength(60);
});

test('a release after a discard, or a second one, is refused and changes nothing', async () => {
  const run = await hold();
  const before = await people();
  await expect(discardRun(world.database, run)).resolves.toBe(60);
  const after = await findRun(world.database, run.id);
  expect(after).toMatchObject({ outcome: 'held', note: expect.stringContaining('discarded') });
  await expect(releaseRun(world.database, after!)).rejects.toMatchObject({ code: 'not_held' });
  expect(await people()).toEqual(before);
});

test('a later run takes the place of the list: who came back is safe, and the old list can be released no more', async () => {
  const before = await people();
  const first = await hold();
  for (const id of before.slice(0, 55)) world.tenant.users.restore(id);
  expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 5 }]);
  await expect(releaseRun(world.database, first)).rejects.toMatchObject({ code: 'not_held' });
  expect(await people()).toEqual(live());
});

test('a run that fails afterwards leaves the list as it is', async () => {
  const run = await hold();
  world.emulator.faults.add({ path: '/v1.0/users?', action: { kind: 'reply', status: 400, body: {} } });
  expect(await sync()).toMatchObject([{ outcome: 'failed' }]);
  await expect(releaseRun(world.database, run)).resolves.toBe(60);
  expect(await people()).toEqual(live());
});

test('a release of a run that has items in quarantine does not make it complete', async () => {
  const [unreadable] = live().slice(-1);
  world.tenant.users.update(unreadable!, { displayName: 7 });
  const run = await hold();
  expect(run).toMatchObject({ quarantined: 1 });
  await expect(releaseRun(world.database, run)).resolves.toBe(60);
  expect(await findRun(world.database, run.id)).toMatchObject({ outcome: 'partial', removed: 60, quarantined: 1 });
  expect(await people()).toContain(unreadable);
  expect(await world.database.rows('select item_id as id from rollcall_data.quarantine')).toEqual([{ id: unreadable }]);
});

test.each([
  ['released', releaseRun],
  ['discarded', discardRun],
])('while the task of a held run is read or merged, nothing is %s', async (_, decide) => {
  const run = await hold();
  // What was exchanged with Graph is written down in the background.
  await world.accessLog.flush();
  const lock = await tryLockRun(world.database, run);
  const before = await fingerprint(world.database);
  await expect(decide(world.database, run)).rejects.toMatchObject({ code: 'busy' });
  const after = await fingerprint(world.database);
  lock!.release();
  expect(after).toEqual(before);
  // Postgres takes a moment to hear that the connection is closed.
  await until(async () => !(await isRunLocked(world.database, run)));
  await expect(decide(world.database, run)).resolves.toBe(60);
});

test('two who release at once remove once, and one of them hears that it is decided', async () => {
  const run = await hold();
  const [first, second] = await Promise.allSettled([releaseRun(world.database, run), releaseRun(world.database, run)]);
  expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
  expect(await removals()).toHaveLength(60);
  expect(await findRun(world.database, run.id)).toMatchObject({ outcome: 'complete', removed: 60 });
});

test('a run that is not held is not settled, whoever has decided in the meantime', async () => {
  const [run] = await sync();
  const decision = { outcome: 'partial', removed: 7, note: 'too late' } as const;
  await expect(settleHeldRun(world.database.db, run!.id, decision)).resolves.toBe(false);
  expect(await findRun(world.database, run!.id)).toEqual(run);
});

test('who begins to fail the filters counts as any other removal, unless it is the filters that have changed', async () => {
  const employees = (includeGuests: boolean) => world.sync({ tasks: [hrRoster], includeGuests, full: true });
  // An operator leaves the guests out: as many as that were meant to go.
  const [changed] = await employees(false);
  expect(changed).toMatchObject({ outcome: 'complete' });
  expect(changed!.removed).toBeGreaterThan(40);
  const before = await people();
  // Under the same filters, that many are a fault of the directory until a person says otherwise.
  for (const id of before.slice(0, 60)) world.tenant.users.update(id, { userType: 'Guest' });
  expect(await employees(false)).toMatchObject([{ outcome: 'held', removed: 60 }]);
  expect(await people()).toEqual(before);
});

test('who may use what follows from a release as from any other removal', async () => {
  const tasks = [applicationDiscovery, ssoRoster];
  await world.sync({ tasks, includeGuests: true, includeAgents: true });
  const [groupId] = [
    ...new Set(
      (await world.database.rows<{ id: string }>('select group_id as id from rollcall_data.group_members')).map(
        ({ id }) => id,
      ),
    ),
  ];
  const grants = () => world.database.rows('select * from rollcall.sso_roster order by app_instance_id, user_id');
  const before = await grants();
  for (const { id } of await world.database.rows<{ id: string }>(
    'select distinct group_id as id from rollcall_data.group_members',
  )) {
    world.tenant.members.remove(id, () => true);
  }
  const runs = await world.sync({ tasks: [ssoRoster], includeGuests: true, includeAgents: true });
  expect(runs).toMatchObject([{ outcome: 'held' }]);
  expect(await grants()).toEqual(before);
  await releaseRun(world.database, runs[0]!);
  const after = await grants();
  expect(groupId).toBeDefined();
  expect(after.length).toBeLessThan(before.length);
  expect(after.every((grant) => grant['assigned_directly'] === true)).toBe(true);
});

import { retryFailed } from '../../src/jobs/worker/retry-failed.js';
import { discardRun, releaseRun } from '../../src/jobs/run/held-removals.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { removeTenant } from '../../src/tenants/remove.js';
import { ssoAccess } from '../../src/jobs/sso-access/index.js';
import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import { objectsOf } from '../support/setup/access-tenant.js';
import { silent } from '../support/servers/database.js';
import { everythingBut, everythingOf, tablesWith } from '../support/tenant-rows.js';
import { createTwins, requireRight, type Twins } from '../support/setup/twins.js';
import { SETTINGS } from '../support/setup/world.js';

let twins: Twins;
beforeEach(async () => {
  twins = await createTwins();
});
afterEach(() => twins.close());

/** Every row of the other tenant; what was exchanged with Graph is written down in the background. */
async function allOfTwin(): Promise<Map<string, unknown>> {
  await twins.world.accessLog.flush();
  return everythingOf(twins.database, twins.twin.tenantId);
}

/** Of the other tenant every row of every table stays as it is, whatever happens to this one. */
async function apart(work: () => Promise<unknown>): Promise<void> {
  const { database, one, twin } = twins;
  const before = await allOfTwin();
  await work();
  expect(await allOfTwin()).toEqual(before);
  expect(await everythingBut(database, one.tenantId)).toEqual(before);
  await requireRight(database, twin);
}

const idsOf = (table: Parameters<typeof objectsOf>[0]) => objectsOf(table).map(({ id }) => id);

test('two tenants whose objects have the same ids are read apart, and every view is right of both', async () => {
  const { database, one, twin } = twins;
  await requireRight(database, one);
  await requireRight(database, twin);
  // And once more, by the changes alone.
  await twins.sync();
  await twins.syncTwin();
  await requireRight(database, one);
  await requireRight(database, twin);
});

test.each([
  ['changes', false],
  ['everything', true],
])(
  'who leaves, joins, moves and returns in one tenant does so in that tenant alone, by a read of %s',
  async (_, full) => {
    const { database, one } = twins;
    const [leaver, mover] = idsOf(one.users);
    await apart(async () => {
      one.users.softDelete(leaver!);
      one.users.update(mover!, { department: 'Elsewhere', mail: null });
      one.users.put({ ...one.users.get(mover!)!, id: '12345678-7777-4777-8777-777777777777' });
      await twins.sync({ full });
      await requireRight(database, one);
      one.users.restore(leaver!);
      await twins.sync({ full });
      await requireRight(database, one);
    });
  },
);

test('applications, groups and assignments that go in one tenant go in that tenant alone', async () => {
  const { database, one } = twins;
  const [application] = idsOf(one.servicePrincipals);
  const [group] = idsOf(one.groups);
  await apart(async () => {
    one.members.remove(group!, ({ id }) => id > '8');
    const [, , other] = idsOf(one.servicePrincipals);
    one.appRoleAssignments.remove(other!, ({ principalType }) => principalType === 'User');
    one.servicePrincipals.update(application!, { displayName: 'Another name' });
    await twins.sync({ settings: { ...SETTINGS, removalGuardPercent: 100 } });
    await requireRight(database, one);
    one.servicePrincipals.softDelete(application!);
    await twins.sync({ settings: { ...SETTINGS, removalGuardPercent: 100 } });
    await requireRight(database, one);
  });
});

test('a filter of one tenant leaves nobody of the other out', async () => {
  const { database, one } = twins;
  const filters = { includeGuests: true, domainNames: ['nowhere.example'] };
  const [kept] = idsOf(one.users);
  one.users.update(kept!, { userPrincipalName: 'kept@nowhere.example' });
  await apart(async () => {
    await twins.sync(filters);
    await requireRight(database, one, filters);
  });
});

test.each([
  ['released', releaseRun],
  ['discarded', discardRun],
])('removals that are held of one tenant and %s touch nothing of the other', async (_, decide) => {
  const { database, one, twin } = twins;
  for (const id of idsOf(one.users).slice(0, 30)) one.users.softDelete(id);
  for (const id of idsOf(twin.users).slice(30, 50)) twin.users.softDelete(id);
  const [held] = await twins.sync({ tasks: [hrRoster] });
  const [heldTwin] = await twins.syncTwin({ tasks: [hrRoster] });
  expect([held, heldTwin]).toMatchObject([
    { outcome: 'held', removed: 30 },
    { outcome: 'held', removed: 20 },
  ]);
  const before = await allOfTwin();
  const changed = () =>
    database.rows("select from rollcall.changes where kind = 'removed' and tenant_id = $1", [one.tenantId]);
  await expect(decide(database, held!)).resolves.toBe(30);
  expect(await changed()).toHaveLength(decide === releaseRun ? 30 : 0);
  expect(await allOfTwin()).toEqual(before);
  await expect(releaseRun(database, heldTwin!)).resolves.toBe(20);
  await requireRight(database, twin);
});

test('the guard weighs the removals of one tenant by the people of that tenant alone', async () => {
  const { database, one } = twins;
  // More than a tenth of its own, and less than a tenth of both.
  await apart(async () => {
    for (const id of idsOf(one.users).slice(0, 12)) one.users.softDelete(id);
    expect(await twins.sync({ tasks: [hrRoster], full: true })).toMatchObject([{ outcome: 'held', removed: 12 }]);
  });
  expect(await database.rows('select from rollcall_data.held_removals')).toHaveLength(12);
});

test('what could not be understood in one tenant lies in quarantine for that tenant alone, and is cleared alone', async () => {
  const { database, one, twin } = twins;
  const [odd] = idsOf(one.users);
  const quarantined = async () =>
    (await database.rows<{ id: string }>('select tenant_id as id from rollcall_data.quarantine order by 1')).map(
      ({ id }) => id,
    );
  twin.users.update(odd!, { displayName: 7 });
  one.users.update(odd!, { displayName: 7 });
  await twins.syncTwin({ tasks: [hrRoster] });
  const before = await allOfTwin();
  await twins.sync({ tasks: [hrRoster] });
  expect(await quarantined()).toEqual([one.tenantId, twin.tenantId]);
  one.users.update(odd!, { displayName: 'Read again' });
  await twins.sync({ tasks: [hrRoster], full: true });
  expect(await quarantined()).toEqual([twin.tenantId]);
  expect(await allOfTwin()).toEqual(before);
});

test('sign-ins that are added and corrected in one tenant count in that tenant alone', async () => {
  const { database, one } = twins;
  const [latest, second, third] = one.signIns.newestFirst();
  await apart(async () => {
    one.signIns.add({ ...latest!, id: 'new', createdDateTime: new Date().toISOString() });
    await twins.sync({ tasks: [ssoAccess] });
    await requireRight(database, one);
    one.signIns.add({ ...second!, status: { errorCode: 50_126 } }, { ...third!, userId: '', userPrincipalName: '' });
    await twins.sync({ tasks: [ssoAccess], full: true });
    await requireRight(database, one);
  });
});

test('the days that one tenant keeps no longer stay with the other, event by event', async () => {
  const { database, one, twin } = twins;
  const eventsOf = async ({ tenantId }: typeof one) =>
    (await database.rows('select from rollcall_data.sign_in_events where tenant_id = $1', [tenantId])).length;
  const before = await eventsOf(twin);
  await apart(async () => {
    await twins.sync({ tasks: [ssoAccess], settings: { ...SETTINGS, signInRetentionDays: 5 } });
    expect(await eventsOf(one)).toBeLessThan(before / 2);
    // What was counted of them still counts.
    await requireRight(database, one);
    await twins.sync({ tasks: [ssoAccess], full: true });
    await requireRight(database, one);
  });
  expect(await eventsOf(twin)).toBe(before);
  await twins.syncTwin({ tasks: [ssoAccess], settings: { ...SETTINGS, signInRetentionDays: 5 } });
  expect(await eventsOf(twin)).toBeLessThan(before / 2);
  await requireRight(database, twin);
  await requireRight(database, one);
});

test('a run of one tenant that fails and is resumed disturbs no run of the other', async () => {
  const { database, one, world } = twins;
  await apart(async () => {
    world.emulator.faults.add({
      path: '/v1.0/groups',
      action: { kind: 'reply', status: 400, body: {} },
      times: 'always',
    });
    world.emulator.faults.add({
      path: '/v1.0/users',
      action: { kind: 'reply', status: 400, body: {} },
      times: 'always',
    });
    await twins.sync({ full: true });
    expect(
      await database.rows("select from rollcall.runs where tenant_id = $1 and outcome = 'failed'", [one.tenantId]),
    ).not.toEqual([]);
    world.emulator.faults.clear();
    await retryFailed(world, one.tenantId);
    await twins.sync();
    await requireRight(database, one);
  });
});

test('a tenant that is removed leaves the other whole', async () => {
  const { database, one, world } = twins;
  await apart(async () => {
    await removeTenant(
      { database, queue: world.queue, redisUrl: undefined, log: silent },
      { tenantId: one.tenantId, signal: new AbortController().signal, onWaiting() {}, onDeleted() {} },
    );
    expect(await tablesWith(database, one.tenantId)).toEqual([]);
  });
  expect(await twins.syncTwin({ tasks: [ssoRoster], full: true })).toMatchObject([{ added: 0, removed: 0 }]);
});

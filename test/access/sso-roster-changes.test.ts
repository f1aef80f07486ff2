import { applicationDiscovery } from '../../src/jobs/application-discovery/index.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import type { FaultAction } from '../../src/emulator/index.js';
import { appOf, assign, group, groupOf, membersOf, user } from '../support/setup/access-tenant.js';
import { ACCESS_SQL, expectedAccess } from '../support/access-oracle.js';
import { createWorld, graphPaths, tenantOf, type World } from '../support/setup/world.js';

let world: World;
afterEach(() => world.close());

const EVERYBODY = { includeGuests: true, domainNames: [] };
const ALL = [hrRoster, applicationDiscovery, ssoRoster];
const sync = async (tasks = ALL) => {
  const runs = await world.sync({ ...EVERYBODY, tasks });
  return runs.find(({ task }) => task === 'sso-roster')!;
};
const view = () => world.database.rows(ACCESS_SQL);
const expected = () => expectedAccess(world.tenant, EVERYBODY);
const told = () =>
  world.database.rows<{ table_name: string; kind: string; reason: string | null; id: string }>(`
    select table_name, kind, reason, coalesce(row_key->>'member_id', row_key->>'assignment_id', row_key->>'user_id',
             row_key->>'app_instance_id') as id
    from rollcall.changes order by table_name, kind, 4`);
const NOT_FOUND: FaultAction = {
  kind: 'reply',
  status: 404,
  body: { error: { code: 'Request_ResourceNotFound', message: "Resource 'x' does not exist." } },
};
const sp = (name: string) => `/v1.0/servicePrincipals/${appOf(world.tenant, name).id}/appRoleAssignedTo`;
const ofGroup = (name: string) => `/v1.0/groups/${groupOf(world.tenant, name).id}/members`;

test('assignments and members come and go, and the changes tell each once', async () => {
  world = await createWorld();
  const { tenant } = world;
  const newcomer = membersOf(tenant).at(-1)!;
  await sync();
  const crm = appOf(tenant, 'Acme CRM');
  const doomed = tenant.appRoleAssignments.of(crm.id).find((one) => one['principalType'] === 'User')!;
  tenant.appRoleAssignments.remove(crm.id, ({ id }) => id === doomed.id);
  assign(tenant, 'Fieldnotes', user(newcomer));
  const sales = groupOf(tenant, 'Sales').id;
  const leaver = tenant.members.of(sales)[0]!.id;
  tenant.members.remove(sales, ({ id }) => id === leaver);
  tenant.members.add(sales, { type: 'user', id: newcomer });
  const run = await sync();
  expect(run).toMatchObject({ outcome: 'complete', added: 2, changed: 0, removed: 2, skipped: 0 });
  expect(await view()).toEqual(expected());
  const added = tenant.appRoleAssignments.of(appOf(tenant, 'Fieldnotes').id).at(-1)!.id;
  const changes = await told();
  expect(changes).toEqual([
    { table_name: 'app_role_assignments', kind: 'added', reason: null, id: added },
    { table_name: 'app_role_assignments', kind: 'removed', reason: 'gone', id: doomed.id },
    { table_name: 'group_members', kind: 'added', reason: null, id: newcomer },
    { table_name: 'group_members', kind: 'removed', reason: 'gone', id: leaver },
  ]);
  await sync();
  expect(await told()).toEqual(changes);
});

test('a group that is deleted takes its access away, and gives it back when it is restored', async () => {
  world = await createWorld();
  const automation = groupOf(world.tenant, 'Automation');
  await sync();
  world.tenant.groups.softDelete(automation.id);
  expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0 });
  expect(await view()).toEqual(expected());
  world.tenant.groups.restore(automation.id);
  await sync();
  expect(await view()).toEqual(expected());
  expect((await told()).filter(({ table_name }) => table_name === 'group_members').map(({ kind }) => kind)).toEqual([
    'added', 'added', 'added', 'removed', 'removed', 'removed',
  ]); // prettier-ignore
});

test('an application that is deleted is gone with its access; a user who leaves and returns has it again', async () => {
  world = await createWorld();
  await sync();
  const leaver = String((await view())[0]!['user_id']);
  world.tenant.servicePrincipals.softDelete(appOf(world.tenant, 'Old Dealer Portal').id);
  world.tenant.users.softDelete(leaver);
  expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0 });
  const without = await view();
  expect(without).toEqual(expected());
  expect(without.some((row) => row['user_id'] === leaver)).toBe(false);
  world.tenant.users.restore(leaver);
  await sync();
  const again = await view();
  expect(again).toEqual(expected());
  expect(again.some((row) => row['user_id'] === leaver)).toBe(true);
});

test('a role that changes hands within one assignment id is a change, not two', async () => {
  world = await createWorld();
  const id = membersOf(world.tenant)[0]!;
  assign(world.tenant, 'Fieldnotes', user(id), { createdDateTime: '2025-01-01T00:00:00Z' });
  await sync();
  const { appRoleAssignments } = world.tenant;
  const resource = appOf(world.tenant, 'Fieldnotes').id;
  const [before] = appRoleAssignments.of(resource);
  appRoleAssignments.remove(resource, (one) => one.id === before!.id);
  appRoleAssignments.add(resource, { ...before!, createdDateTime: '2024-01-01T00:00:00Z' });
  expect(await sync()).toMatchObject({ outcome: 'complete', added: 0, changed: 1, removed: 0 });
  expect(await view()).toEqual(expected());
  expect(await told()).toEqual([{ table_name: 'app_role_assignments', kind: 'changed', reason: null, id: before!.id }]);
});

describe('what vanishes in mid-run is skipped and counted, and keeps what it had', () => {
  test.each([
    ['an application', () => sp('Acme CRM')],
    ['a group', () => ofGroup('Sales')],
  ])('%s', async (_, path) => {
    world = await createWorld();
    const { tenant } = world;
    await sync();
    const before = await view();
    // Something of it went away, and something elsewhere too: the first is not believed yet, the second is.
    const sales = groupOf(tenant, 'Sales').id;
    const crm = appOf(tenant, 'Acme CRM').id;
    if (path() === sp('Acme CRM')) {
      tenant.appRoleAssignments.remove(crm, ({ principalType }) => principalType === 'User');
    } else tenant.members.remove(sales, () => true);
    const elsewhere = appOf(tenant, 'Everest Travel').id;
    const [gone] = tenant.appRoleAssignments.of(elsewhere);
    tenant.appRoleAssignments.remove(elsewhere, ({ id }) => id === gone!.id);
    world.emulator.faults.add({ path: path(), times: 'always', action: NOT_FOUND });
    expect(await sync()).toMatchObject({ outcome: 'partial', skipped: 1, removed: 1, added: 0, changed: 0 });
    const isGone = (row: Record<string, unknown>) =>
      row['app_instance_id'] === elsewhere && row['user_id'] === gone!['principalId'];
    expect(await view()).toEqual(before.filter((row) => !isGone(row)));
    world.emulator.faults.clear();
    await world.sync({
      ...EVERYBODY,
      tasks: [ssoRoster],
      settings: { removalGuardPercent: 100, signInRetentionDays: 90, fullReadEveryDays: 7 },
    });
    expect(await view()).toEqual(expected());
  });

  test('a group of a vanished application is read all the same, and stays', async () => {
    world = await createWorld();
    await sync();
    const before = await view();
    world.emulator.faults.add({ path: sp('Gearbox HR'), times: 'always', action: NOT_FOUND });
    expect(await sync()).toMatchObject({ outcome: 'partial', skipped: 1, removed: 0 });
    expect(await view()).toEqual(before);
  });

  test('an application that was deleted since its discovery', async () => {
    world = await createWorld();
    await sync();
    const before = await view();
    world.tenant.servicePrincipals.softDelete(appOf(world.tenant, 'Acme CRM').id);
    expect(await sync([ssoRoster])).toMatchObject({ outcome: 'partial', skipped: 1, removed: 0 });
    expect(await view()).toEqual(before);
  });
});

describe('large groups', () => {
  const PEOPLE = 2300;
  beforeEach(async () => {
    world = await createWorld({ tenant: tenantOf(PEOPLE) });
    const { tenant } = world;
    const sample = { id: '77777777-7777-4777-8777-777777777777', displayName: 'Everybody' };
    tenant.groups.put({ ...sample, securityEnabled: true, visibility: null });
    for (const [n, name] of ['One', 'Two', 'Three'].entries()) {
      const id = `8888888${n}-8888-4888-8888-888888888888`;
      tenant.servicePrincipals.put({ id, appId: id, displayName: name, servicePrincipalType: 'Application', appRoleAssignmentRequired: true, oauth2PermissionScopes: [], preferredSingleSignOnMode: null, accountEnabled: true }); // prettier-ignore
      assign(tenant, name, group(sample.id));
    }
    const ids = tenant.users.places(-1, PEOPLE).map((place) => tenant.users.at(place).id);
    tenant.members.add(sample.id, ...ids.map((id) => ({ type: 'user' as const, id })));
  });
  const requests = () =>
    graphPaths(world.emulator).filter((path) => path.startsWith('/v1.0/groups/') && !path.endsWith('/$count'));
  const size = async () => {
    const [row] = await world.database.rows<{ n: number }>('select count(*)::int as n from rollcall.sso_roster');
    return row!.n;
  };

  test('are read page by page, once however many applications they are assigned to', async () => {
    world.emulator.faults.add(
      { path: '/v1.0/groups/', nth: 2, action: { kind: 'empty-page' } },
      { path: /appRoleAssignedTo/, nth: 2, action: { kind: 'empty-page' } },
    );
    expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0, added: PEOPLE + 3 });
    expect(requests()).toHaveLength(4);
    expect(requests()[0]).toContain('$top=999');
    expect(await size()).toBe(expected().length);
    expect(await size()).toBeGreaterThan(3 * 999);
  });

  test('that vanish between two of their pages lose nobody', async () => {
    await sync();
    const before = await size();
    world.tenant.members.remove('77777777-7777-4777-8777-777777777777', (member) => member.id.startsWith('0'));
    world.emulator.faults.add({ path: '/v1.0/groups/', nth: 2, times: 'always', action: NOT_FOUND });
    expect(await sync()).toMatchObject({ outcome: 'partial', skipped: 1, removed: 0 });
    expect(await size()).toBe(before);
  });
});

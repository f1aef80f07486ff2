import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import type { Run } from '../../src/store/index.js';
import { groupOf, membersOf } from '../support/setup/access-tenant.js';
import { ACCESS_SQL, expectedAccess } from '../support/access-oracle.js';
import { createWorld, graphPaths, SETTINGS, type World } from '../support/setup/world.js';

let world: World;
const EVERYBODY = { includeGuests: true, includeAgents: false, domainNames: [] };
const HIDDEN = 'Member.Read.Hidden';
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const sync = async (): Promise<Run> => {
  const settings = { ...SETTINGS, removalGuardPercent: 100 };
  const runs = await world.sync({ ...EVERYBODY, tasks: [ssoRoster], settings, graph: world.newGraph() });
  return runs.find(({ task }) => task === 'sso-roster')!;
};
const view = () => world.database.rows(ACCESS_SQL);
const expected = () => expectedAccess(world.tenant, EVERYBODY);
const grant = (...roles: string[]) => {
  const [application] = world.tenant.applications.values();
  application!.roles = [...application!.roles.filter((role) => role !== HIDDEN), ...roles];
};
const hide = (name: string, hiddenMembers: 'forbidden' | 'empty') => {
  world.tenant.hiddenMembers = hiddenMembers;
  world.tenant.groups.update(groupOf(world.tenant, name).id, { visibility: 'HiddenMembership' });
};

describe.each(['forbidden', 'empty'] as const)('the hidden members of a group, %s', (form) => {
  test('stay, the group is named, and the permission', async () => {
    await world.sync(EVERYBODY);
    hide('Sales', form);
    const before = await view();
    for (const runs of [1, 2, 3, 4]) {
      expect(await sync()).toMatchObject({
        outcome: 'partial',
        removed: 0,
        skippedParents: [{ kind: 'group', name: 'Sales', reason: 'hidden_membership', runs }],
      });
    }
    expect(await view()).toEqual(before);
  });

  test('are named on a first load too, and read once the permission is granted', async () => {
    hide('Sales', form);
    const runs = await world.sync(EVERYBODY);
    expect(runs.find(({ task }) => task === 'sso-roster')).toMatchObject({
      outcome: 'partial',
      skippedParents: [{ name: 'Sales', reason: 'hidden_membership' }],
    });
    grant(HIDDEN);
    expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0 });
    expect(await view()).toEqual(expected());
  });
});

test('a group that is really empty loses its members, and only empty ones are asked whether they hide some', async () => {
  await world.sync(EVERYBODY);
  const { id } = groupOf(world.tenant, 'Sales');
  world.tenant.members.remove(id, () => true);
  world.emulator.clearRequests();
  expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0 });
  expect(await view()).toEqual(expected());
  const asked = graphPaths(world.emulator).filter((path) => /^\/v1\.0\/groups\/[^/]+\?/.test(path));
  expect(asked.some((path) => path.startsWith(`/v1.0/groups/${id}?`))).toBe(true);
  const empty = asked.map((path) => /groups\/([^?]+)/.exec(path)![1]!);
  for (const each of empty) expect(world.tenant.members.of(each).filter(({ type }) => type === 'user')).toEqual([]);
});

test('if the token has the permission, no group is asked for what it hides', async () => {
  grant(HIDDEN);
  hide('Sales', 'empty');
  world.tenant.members.remove(groupOf(world.tenant, 'Legal').id, () => true);
  await world.sync({ ...EVERYBODY, graph: world.newGraph() });
  expect(graphPaths(world.emulator).some((path) => /^\/v1\.0\/groups\/[^/]+\?/.test(path))).toBe(false);
  expect(await view()).toEqual(expected());
});

test('if the token does not say what it may read, a forbidden group is asked whether it hides its members', async () => {
  await world.sync(EVERYBODY);
  hide('Sales', 'forbidden');
  const before = await view();
  const graph = world.newGraph();
  const unsaid = { roles: [], appId: undefined, tenantId: undefined };
  const opaque = { ...graph, tokenFacts: async () => ({ ...(await graph.tokenFacts()), ...unsaid }) };
  const [run] = await world.sync({ ...EVERYBODY, tasks: [ssoRoster], graph: opaque });
  expect(run).toMatchObject({
    outcome: 'partial',
    skippedParents: [{ kind: 'group', name: 'Sales', reason: 'hidden_membership' }],
  });
  expect(await view()).toEqual(before);
});

test('a group that is empty, and may not be asked whether it hides members, keeps those it had', async () => {
  await world.sync(EVERYBODY);
  const before = await view();
  const { id } = groupOf(world.tenant, 'Sales');
  world.tenant.members.remove(id, () => true);
  const action = { kind: 'reply', status: 403, body: { error: { code: 'No', message: '' } } } as const;
  world.emulator.faults.add({ path: `/v1.0/groups/${id}?`, times: 'always', action });
  expect(await sync()).toMatchObject({ outcome: 'partial', removed: 0, skippedParents: [{ id, reason: 'forbidden' }] });
  expect(await view()).toEqual(before);
});

test('with the least permission, which does not show groups, an empty one that had no members makes no run partial', async () => {
  const [application] = world.tenant.applications.values();
  application!.roles = application!.roles.map((role) =>
    role === 'GroupMember.Read.All' ? 'GroupMember.ReadBasic.All' : role,
  );
  await world.sync({ ...EVERYBODY, graph: world.newGraph() });
  expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0 });
  hide('Sales', 'empty');
  expect(await sync()).toMatchObject({ outcome: 'partial', removed: 0, skippedParents: [{ reason: 'forbidden' }] });
});

test('a tenant whose only group hides its members is read all the same', async () => {
  const { tenant } = world;
  const sales = groupOf(tenant, 'Sales').id;
  for (const application of tenant.servicePrincipals
    .places(-1, 1000)
    .map((place) => tenant.servicePrincipals.at(place)))
    tenant.appRoleAssignments.remove(
      application.id,
      ({ principalType, principalId }) => principalType === 'Group' && principalId !== sales,
    );
  hide('Sales', 'forbidden');
  const runs = await world.sync(EVERYBODY);
  expect(membersOf(tenant).length).toBeGreaterThan(0);
  expect(runs.find(({ task }) => task === 'sso-roster')).toMatchObject({ outcome: 'partial', skipped: 1 });
});

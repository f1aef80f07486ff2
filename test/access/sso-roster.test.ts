import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import { appOf, assign, group, groupOf, membersOf, user } from '../support/setup/access-tenant.js';
import { ACCESS_SQL, expectedAccess, expectedApplications } from '../support/access-oracle.js';
import type { RosterFilters } from '../support/roster-oracle.js';
import { createWorld, graphPaths, type World } from '../support/setup/world.js';

let world: World;
const NO_FILTERS: RosterFilters = { includeGuests: false, domainNames: [] };
const EVERYBODY: RosterFilters = { includeGuests: true, domainNames: [] };

interface Access {
  readonly user_id: string;
  readonly application_name: string | null;
  readonly active_date: number | null;
  readonly assigned_directly: boolean;
  readonly via_groups: string[];
}
const view = async () => {
  // With the planner's statistics: that it answers in time without them is one test's business, not of all.
  return world.database.rows<Access & Record<string, unknown>>(ACCESS_SQL);
};
const expected = (filters = EVERYBODY) => expectedAccess(world.tenant, filters);
describe('on the sample tenant', () => {
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  test.each([
    NO_FILTERS,
    EVERYBODY,
    { includeGuests: false, domainNames: ['northwind-bikes.example'] },
    { includeGuests: true, domainNames: ['northwind-bikes.example', 'fabrikam.example'] },
  ])('with the filters %j every cell is right', async (filters) => {
    const runs = await world.sync({ ...filters, tasks: [hrRoster, ssoRoster] });
    for (const run of runs) expect(run).toMatchObject({ outcome: 'complete', errorCode: null });
    expect(await view()).toEqual(expected(filters));
  });

  test('a second run changes nothing and writes no row version', async () => {
    await world.sync({ ...EVERYBODY });
    const versions = () =>
      world.database.rows(`
        select xmin::text, xmax::text, ctid::text, assignment_id as id from rollcall_data.app_role_assignments
        union all select xmin::text, xmax::text, ctid::text, group_id || ' ' || member_id from rollcall_data.group_members
        order by 4`);
    const before = await versions();
    const runs = await world.sync({ ...EVERYBODY });
    for (const run of runs) expect(run).toMatchObject({ outcome: 'complete', added: 0, changed: 0, removed: 0 });
    expect(await versions()).toEqual(before);
    expect(await view()).toEqual(expected());
  });

  test('the sample has every kind of access: direct, through groups, both, without a date', async () => {
    const rows = await view();
    expect(rows.some((row) => row.assigned_directly && row.via_groups.length === 0)).toBe(true);
    expect(rows.some((row) => !row.assigned_directly && row.via_groups.length > 0)).toBe(true);
    expect(rows.some((row) => row.assigned_directly && row.via_groups.length > 0)).toBe(true);
    expect(rows.some((row) => row.active_date === null)).toBe(true);
  });
});

test('right after the first sync of a tenant the view answers at once', async () => {
  world = await createWorld();
  await world.sync({ ...EVERYBODY });
  const client = await world.database.pool.connect();
  try {
    // It is a matter of milliseconds; a planner that knows nothing of the tables makes it ten seconds.
    await client.query("set statement_timeout = '3s'");
    expect((await client.query(ACCESS_SQL)).rows).toHaveLength(expected().length);
  } finally {
    client.release(true);
    await world.close();
  }
});

describe('what grants access', () => {
  const APP = 'Mail Merge Helper';
  let people: string[];
  let groups: string[];
  let rows: Awaited<ReturnType<typeof view>>;

  beforeAll(async () => {
    world = await createWorld();
    const { tenant } = world;
    people = membersOf(tenant);
    const [direct, via, both, many, undated, nested, half, machine] = people;
    groups = Array.from({ length: 6 }, (_, n) => `${9 - n}4444444-4444-4444-8444-444444444444`);
    const [first, second, third, inner, devices, idless] = groups;
    const model = groupOf(tenant, 'Sales');
    for (const id of groups) tenant.groups.put({ ...model, id, displayName: id });
    const member = (groupId: string | undefined, ...ids: (string | undefined)[]) =>
      tenant.members.add(groupId!, ...ids.map((id) => ({ type: 'user' as const, id: id! })));
    member(first, via, both, many);
    member(second, many, undated);
    member(third, many);
    member(inner, nested);
    member(idless, half);
    tenant.members.add(second!, { type: 'group', id: inner! });
    for (const table of [tenant.devices, tenant.contacts]) {
      const type = table === tenant.devices ? 'device' : 'orgContact';
      for (const place of table.places(-1, 10)) tenant.members.add(devices!, { type, id: table.at(place).id });
    }
    tenant.members.add(devices!, { type: 'servicePrincipal', id: appOf(tenant, 'Timesheets').id });
    assign(tenant, APP, user(direct), { createdDateTime: '2022-02-02T02:02:02Z' });
    assign(tenant, APP, group(first), { createdDateTime: '2024-04-04T04:04:04.9999999Z' });
    assign(tenant, APP, user(both), { createdDateTime: '2023-03-03T03:03:03Z' });
    for (const [n, date] of ['2021-01-01T00:00:00Z', null, '2020-12-31T23:59:59.9999999Z'].entries()) {
      assign(tenant, APP, user(many), {
        createdDateTime: date,
        appRoleId: `5555555${n}-5555-4555-8555-555555555555`,
      });
    }
    assign(tenant, APP, group(second), { createdDateTime: null });
    assign(tenant, APP, group(third), { createdDateTime: '2024-01-01T00:00:00Z' });
    assign(tenant, APP, group(third), { appRoleId: '66666666-6666-4666-8666-666666666666' });
    assign(tenant, APP, group(devices));
    assign(tenant, APP, group(idless));
    assign(tenant, APP, { type: 'ServicePrincipal', id: appOf(tenant, 'Timesheets').id });
    // A principal of no kind that Graph declares, with the id of a person who must not profit from it twice.
    assign(tenant, 'AI Notetaker', user(machine), { createdDateTime: null });
    await world.sync({ ...EVERYBODY });
    rows = (await view()).filter((row) => [APP, 'AI Notetaker'].includes(String(row.application_name)));
  });
  afterAll(() => world.close());

  const rowOf = (index: number) => rows.find((row) => row.user_id === people[index]);
  const moment = (date: string) => Date.parse(date);

  test('every cell is right', async () => {
    expect(await view()).toEqual(expected());
  });

  test.each([
    ['an assignment', 0, () => ({ active_date: moment('2022-02-02T02:02:02Z'), assigned_directly: true, via_groups: [] })],
    ['a group', 1, () => ({ active_date: moment('2024-04-04T04:04:04.999Z'), assigned_directly: false, via_groups: [groups[0]] })],
    ['both', 2, () => ({ active_date: moment('2023-03-03T03:03:03Z'), assigned_directly: true, via_groups: [groups[0]] })],
    ['three roles, one without a date, and three groups, one of them twice', 3, () => ({ active_date: moment('2020-12-31T23:59:59.999Z'), assigned_directly: true, via_groups: groups.slice(0, 3).sort() })],
    ['a group whose assignment has no date', 4, () => ({ active_date: null, assigned_directly: false, via_groups: [groups[1]] })],
    ['a group of which nothing else is told', 6, () => ({ assigned_directly: false, via_groups: [groups[5]] })],
    ['an assignment without a date', 7, () => ({ active_date: null, assigned_directly: true, via_groups: [] })],
  ])('%s does, in one row', (_, index, cells) => {
    expect(rows.filter((row) => row.user_id === people[index])).toEqual([expect.objectContaining(cells())]);
  }); // prettier-ignore

  test('a group inside a group does not, nor do devices, contacts and service principals', () => {
    expect(rowOf(5)).toBeUndefined();
    expect(rows.filter((row) => row.application_name === APP)).toHaveLength(6);
  });

  test('the members of an assigned group are asked for once, those of other groups never', () => {
    const asked = graphPaths(world.emulator).filter((path) => /^\/v1\.0\/groups\/[^/]+\/members/.test(path));
    const ids = asked.map((path) => path.split('/')[3]!);
    expect(new Set(ids).size).toBe(ids.length);
    const { appRoleAssignments, tenantId } = world.tenant;
    const assigned = expectedApplications(world.tenant)
      .flatMap(({ app_instance_id: id }) => appRoleAssignments.of(id))
      .filter((assignment) => assignment['principalType'] === 'Group')
      .map((assignment) => String(assignment['principalId']));
    expect(tenantId).not.toBe('');
    expect(ids.sort()).toEqual([...new Set(assigned)].sort());
    expect(ids).not.toContain(groups[3]);
  });

  test('applications are asked for their assignments in pages of 999, machines are not', () => {
    const asked = graphPaths(world.emulator).filter((path) => path.includes('/appRoleAssignedTo'));
    expect(asked.every((path) => path.includes('$top=999'))).toBe(true);
    const ids = asked.map((path) => path.split('/')[3]!);
    expect(ids.sort()).toEqual(expectedApplications(world.tenant).map((row) => row.app_instance_id));
  });
});

// The children of an application or a group may end early as well: then nothing of it is removed, and it is named.
import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import type { FaultAction } from '../../src/emulator/index.js';
import type { Run } from '../../src/store/index.js';
import { idsOf, refusal, strikeOf } from '../support/absence.js';
import { ACCESS_SQL, expectedAccess } from '../support/access-oracle.js';
import { appOf, groupOf } from '../support/setup/access-tenant.js';
import { createWorld, graphPaths, type World } from '../support/setup/world.js';

const EVERYBODY = { includeGuests: true, domainNames: [] };
const PAGE = 20;

let world: World;
beforeEach(async () => {
  world = await createWorld({ largestPage: PAGE });
  await world.sync(EVERYBODY);
  world.emulator.clearRequests();
});
afterEach(() => world.close());

const strike = strikeOf(() => world);
const sync = async (): Promise<Run> => {
  const runs = await world.sync({ ...EVERYBODY, tasks: [ssoRoster] });
  return runs.find(({ task }) => task === 'sso-roster')!;
};
const view = () => world.database.rows(ACCESS_SQL);
const counted = () => graphPaths(world.emulator).filter((path) => path.endsWith('/$count'));
const PARENTS = [
  ['application', () => `/v1.0/servicePrincipals/${appOf(world.tenant, 'Acme CRM').id}/appRoleAssignedTo`],
  ['group', () => `/v1.0/groups/${groupOf(world.tenant, 'Everyone in Utrecht').id}/members`],
] as const;

test.each(PARENTS)(
  'a parent (%s) whose list ends early keeps its rows and is named; the next run is complete',
  async (kind, path) => {
    const before = await view();
    strike(new RegExp(`${path()}.*skiptoken`), { kind: 'drop-link' });
    const run = await sync();
    expect(run).toMatchObject({ outcome: 'partial', added: 0, removed: 0, skipped: 1 });
    expect(run.skippedParents).toMatchObject([{ kind, reason: 'incomplete' }]);
    expect(await view()).toEqual(before);
    expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0, added: 0, removed: 0 });
    expect(await view()).toEqual(expectedAccess(world.tenant, EVERYBODY));
  },
);

test.each(PARENTS)('what has come of a parent (%s) whose list ends early is in', async (_, path) => {
  await world.database.pool.query('delete from rollcall_data.sso_grants');
  await world.database.pool.query('delete from rollcall_data.app_role_assignments');
  await world.database.pool.query('delete from rollcall_data.group_members');
  strike(new RegExp(`${path()}.*skiptoken`), { kind: 'drop-link' });
  expect((await sync()).added).toBeGreaterThan(0);
  await sync();
  expect(await view()).toEqual(expectedAccess(world.tenant, EVERYBODY));
});

test.each(PARENTS)('while Graph fails to count what a parent (%s) has, nothing of it is removed', async (_, path) => {
  strike(new RegExp(`${path()}.*skiptoken`), { kind: 'drop-link' });
  strike(`${path()}/$count`, refusal(503, 'serviceNotAvailable'), { times: 'always' });
  expect(await sync()).toMatchObject({ outcome: 'partial', removed: 0, skipped: 1 });
});

test('only those whose last page could have a successor are counted', async () => {
  const run = await sync();
  expect(run).toMatchObject({ outcome: 'complete', added: 0, removed: 0 });
  const full = ({ length }: readonly unknown[]) => length > PAGE && length % PAGE === 0;
  const { servicePrincipals, appRoleAssignments } = world.tenant;
  const expected = idsOf(servicePrincipals).filter((id) => full(appRoleAssignments.of(id))).length;
  expect(counted().filter((path) => path.includes('appRoleAssignedTo'))).toHaveLength(expected);
  expect(counted().length).toBeLessThan(run.pages / 4);
});

test('a Graph that does not count children is read as before', async () => {
  strike(/\/\$count$/, refusal(400, 'Request_BadRequest'), { times: 'always' });
  expect(await sync()).toMatchObject({ outcome: 'complete', skipped: 0 });
});

const isFirstPage = (path: string) => new RegExp(`${path.replaceAll('.', '\\.')}\\?(?!.*skiptoken)`);

test.each(PARENTS)(
  'a parent (%s) whose list ends at a first page that the server has cut is named',
  async (kind, path) => {
    const before = await view();
    strike(isFirstPage(path()), { kind: 'drop-link' });
    const run = await sync();
    expect(run).toMatchObject({ outcome: 'partial', added: 0, removed: 0, skipped: 1 });
    expect(run.skippedParents).toMatchObject([{ kind, reason: 'incomplete' }]);
    expect(await view()).toEqual(before);
  },
);

test.each(PARENTS)('a parent (%s) whose list is empty for a moment keeps its rows', async (kind, path) => {
  const before = await view();
  strike(isFirstPage(path()), { kind: 'edit', edit: () => ({ value: [] }) });
  const run = await sync();
  expect(run).toMatchObject({ outcome: 'partial', removed: 0 });
  expect(run.skippedParents).toMatchObject([{ kind, reason: 'incomplete' }]);
  expect(await view()).toEqual(before);
});

test.each(PARENTS)('the first list of a parent (%s) that ends at its first page is named too', async (kind, path) => {
  await world.database.pool.query('delete from rollcall_data.sso_grants');
  await world.database.pool.query('delete from rollcall_data.app_role_assignments');
  await world.database.pool.query('delete from rollcall_data.group_members');
  strike(isFirstPage(path()), { kind: 'drop-link' });
  const run = await sync();
  expect(run.outcome).toBe('partial');
  expect(run.skippedParents).toMatchObject([{ kind, reason: 'incomplete' }]);
  await sync();
  expect(await view()).toEqual(expectedAccess(world.tenant, EVERYBODY));
});

test.each(PARENTS)(
  'children of a parent (%s) that are told twice do not stand for those that are not told',
  async (_, path) => {
    const before = await view();
    let first: unknown[] = [];
    const keep = (page: unknown) => {
      first = (page as { value: unknown[] }).value;
      return page;
    };
    const repeat = () => ({ value: Array.from({ length: 50 }, () => first).flat() });
    strike(isFirstPage(path()), { kind: 'edit', edit: keep });
    strike(new RegExp(`${path()}.*skiptoken`), { kind: 'edit', edit: repeat });
    expect(await sync()).toMatchObject({ outcome: 'partial', removed: 0, skipped: 1 });
    expect(await view()).toEqual(before);
  },
);

describe('Of a group', () => {
  const text = (body: string): FaultAction => ({
    kind: 'reply',
    status: 200,
    headers: { 'Content-Type': 'text/plain' },
    body,
  });
  const members = () => `/v1.0/groups/${groupOf(world.tenant, 'Everyone in Utrecht').id}/members`;
  const ofPeople = () => `${members()}/microsoft.graph.user/$count`;
  const leave = () => {
    const { id } = groupOf(world.tenant, 'Everyone in Utrecht');
    const [first] = world.tenant.members.of(id);
    world.tenant.members.remove(id, (member) => member.id === first!.id);
  };

  test('people are counted: members that v1.0 counts and does not tell make it no shorter', async () => {
    leave();
    strike(`${members()}/$count`, text('9999'), { times: 'always' });
    expect(await sync()).toMatchObject({ outcome: 'complete', removed: 1, skipped: 0 });
    expect(await view()).toEqual(expectedAccess(world.tenant, EVERYBODY));
  });

  test('all members are counted if Graph does not count people', async () => {
    leave();
    strike(ofPeople(), refusal(400, 'Request_UnsupportedQuery'), { times: 'always' });
    strike(`${members()}/$count`, text('9999'), { times: 'always' });
    expect(await sync()).toMatchObject({ outcome: 'partial', removed: 0, skipped: 1 });
    world.emulator.faults.clear();
    expect(await sync()).toMatchObject({ outcome: 'complete', removed: 1 });
  });

  test('a count of an index that lags is asked for once more', async () => {
    leave();
    strike(ofPeople(), text('9999'));
    expect(await sync()).toMatchObject({ outcome: 'complete', removed: 1, skipped: 0 });
  });
});

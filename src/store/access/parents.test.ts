import { createTestDatabase, embedded, type TestDatabase } from '../../../test/support/servers/database.js';
import { application, idOf, landPages, newOwner, rowsOf, stage } from '../../../test/support/setup/stage.js';
import { appRoleAssignments, groupMembers, servicePrincipals } from '../schema/index.js';
import type { Owner, Staged } from '../landing/staging.js';
import { syncTable, type Cells } from '../landing/sync-table.js';
import {
  findApplications,
  findAssignedGroups,
  findKnownGroups,
  findListedApplications,
  findNestedGroups,
} from './parents.js';

const applications = syncTable(servicePrincipals);
const assignments = syncTable(appRoleAssignments);
const members = syncTable(groupMembers);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());

/** Of a group, unless it is of somebody. Its id tells what it is about. */
const assignment = (app: number, principal: number, principalType = 'Group'): Cells => ({
  appInstanceId: idOf(app),
  assignmentId: `${app}-${principal}`,
  principalId: idOf(principal),
  principalType,
  appRoleId: null,
  assignedAt: null,
});
const quarantined = (key: Cells | null): Staged => ({ kind: 'quarantined', reason: 'odd', item: {}, key });
const ids = (...numbers: number[]) => numbers.map(idOf);

/** What is known of two tenants: the other has everything that the first one has not. */
async function land(mine: Owner, other: Owner): Promise<void> {
  const landed: [Owner, Cells[], Cells[]][] = [
    // What a later read does not meet is removed.
    [mine, [application(1), application(3)], [assignment(1, 12)]],
    [mine, [application(2), application(1), application(4, { servicePrincipalType: 'ManagedIdentity' })], [
      assignment(1, 11), assignment(2, 13), assignment(1, 90, 'User'),
    ]],
    [other, [application(1), application(2), application(5)], [assignment(1, 21), assignment(2, 22)]],
  ]; // prettier-ignore
  for (const [{ tenantId }, apps, assigned] of landed)
    await landPages(database, newOwner({ tenantId }), [
      [applications, rowsOf(apps)],
      [assignments, rowsOf(assigned)],
    ]);
}

let [mine, other] = [newOwner(), newOwner()];
beforeEach(async () => {
  [mine, other] = [newOwner(), newOwner()];
  await land(mine, other);
});

test('the applications and groups of a tenant are its own live ones', async () => {
  expect(await findApplications(database.db, mine)).toEqual(ids(1, 2));
  expect(await findApplications(database.db, other)).toEqual(ids(1, 2, 5));
  expect((await findKnownGroups(database.db, mine)).sort()).toEqual(ids(11, 13));
  expect((await findKnownGroups(database.db, other)).sort()).toEqual(ids(21, 22));
});

describe('the groups that a run reads are those that it has found assigned', () => {
  const read: Staged[] = rowsOf([assignment(3, 31), assignment(3, 91, 'User')]);

  test.each<[string, Staged[], number[]]>([
    ['', [], [31]],
    [' and those known of an application that it has skipped',
      [{ kind: 'skipped', parent: { appInstanceId: idOf(1) }, reason: 'forbidden' }], [11, 31]],
    [' and the one known of an assignment that it could not understand',
      [quarantined({ appInstanceId: idOf(2), assignmentId: '2-13' })], [13, 31]],
    [' and all known ones, if it could not even read the id of an assignment', [quarantined(null)], [11, 13, 31]],
  ])('%s', async (_, left, expected) => {
    await stage(database, mine, [[assignments, [...read, ...left]]]);
    expect(await findAssignedGroups(database.db, mine)).toEqual(ids(...expected));
  }); // prettier-ignore
});

describe('an application that is not found is listed', () => {
  const NOW = '2026-05-05T05:05:05.000Z';
  const BEFORE = '2026-05-05T05:05:04.000Z';
  const moved = (
    { tenantId }: Owner,
    movedAt: string,
    task = 'application-discovery',
    resource = '/servicePrincipals',
  ) =>
    database.pool.query(
      `insert into rollcall_data.cursors (tenant_id, task, resource, scope, run_id, moved_at)
       values ($1, $2, $3, '{}', gen_random_uuid(), $4)`,
      [tenantId, task, resource, movedAt],
    );
  const listed = () => findListedApplications(database.db, mine, new Map(ids(1, 3, 5).map((id) => [id, BEFORE])));

  test('if discovery has read the applications since, and found it', async () => {
    await moved(mine, NOW);
    expect(await listed()).toEqual(ids(1));
  });

  test.each<[string, () => Promise<unknown>]>([
    ['discovery has read them before, and not since', () => moved(mine, BEFORE)],
    ['discovery of another tenant has', () => moved(other, NOW)],
    ['another task has', () => moved(mine, NOW, 'sso-roster')],
    ['discovery has read something else since', () => moved(mine, NOW, undefined, '/organization')],
  ])('but not if %s', async (_, has) => {
    await has();
    expect(await listed()).toEqual([]);
  });
});

test('a group is nested if its id stands among the members of another, also in an item that nothing accepts', async () => {
  const member = (group: number, number: number) => ({ groupId: idOf(group), memberId: idOf(number) });
  const row: Staged = { kind: 'row', row: { ...member(11, 12), memberType: 'group' } };
  await stage(database, mine, [[members, [row, quarantined(member(11, 13))]]]);
  await stage(database, other, [[members, rowsOf([{ ...member(11, 14), memberType: 'group' }])]]);
  const since = new Map(ids(12, 13, 14).map((id) => [id, '2026-05-05']));
  expect((await findNestedGroups(database.db, mine, since)).sort()).toEqual(ids(12, 13));
});

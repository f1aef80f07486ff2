import { createTestDatabase, embedded, type TestDatabase } from '../../../test/support/servers/database.js';
import { requireKeptInStep } from '../../../test/support/kept-in-step.js';
import {
  application,
  idOf,
  landPages,
  landSignIns,
  newOwner,
  rowsOf,
  signIn,
  waitsFor,
} from '../../../test/support/setup/stage.js';
import { appRoleAssignments, groupMembers, servicePrincipals } from '../schema/index.js';
import type { Owner } from '../landing/staging.js';
import { syncTable, type Cells } from '../landing/sync-table.js';
import { lockPairs } from './access-pairs.js';
import { refreshGrants } from './sso-grants.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());
/** Each test has two tenants of its own, whose objects have the same ids. */
let [mine, other] = [newOwner(), newOwner()];
beforeEach(() => {
  [mine, other] = [newOwner(), newOwner()];
});

const FIRST = '2025-01-01T00:00:00.000Z';
const LATER = '2025-06-01T00:00:00.000Z';

/** By number: an application, and a person or group that is assigned to it. */
const assignment = (app: number, principal: number | null, assignedAt: string = FIRST): Cells => ({
  appInstanceId: idOf(app),
  assignmentId: `${app}-${principal}`,
  principalId: principal === null ? null : idOf(principal),
  principalType: 'User',
  appRoleId: null,
  assignedAt,
});
const member = (group: number, person: number): Cells => ({
  groupId: idOf(group),
  memberId: idOf(person),
  memberType: 'user',
});

/** What a run of a tenant has read, all of it. */
const land = ({ tenantId }: Owner, assigned: Cells[], members: Cells[] = []) =>
  landPages(
    database,
    newOwner({ tenantId }),
    [
      [syncTable(appRoleAssignments), rowsOf(assigned)],
      [syncTable(groupMembers), rowsOf(members)],
    ],
    refreshGrants,
  );

/** Who may use what, by numbers: `1: 51 directly, 52 by 11`. */
async function grants({ tenantId }: Owner): Promise<string[]> {
  const rows = await database.rows<Record<string, string>>(
    `select left(app_instance_id::text, 8)::int as app, left(user_id::text, 8)::int as who, assigned_directly as direct,
       (select string_agg(left(g::text, 8)::int::text, ' ') from unnest(via_groups) g) as via, active_date = $2 as first
     from rollcall_data.sso_grants where tenant_id = $1 order by 1, 2`,
    [tenantId, FIRST],
  );
  return rows.map(({ app, who, direct, via, first }) =>
    [`${app}: ${who}`, direct && 'directly', via && `by ${via}`, first ? 'from the first' : 'later']
      .filter(Boolean)
      .join(' '),
  );
}
const versions = ({ tenantId }: Owner) =>
  database.rows('select xmin::text, g.* from rollcall_data.sso_grants g where tenant_id = $1 order by 1, 2, 3', [
    tenantId,
  ]);

test('who is assigned, and the direct members of what is assigned, may use an application, from the first that grants it', async () => {
  await land(other, [assignment(1, 53), assignment(1, 11), assignment(2, 52)], [member(11, 54), member(12, 51)]);
  const before = await versions(other);
  await land(
    mine,
    [assignment(1, 51, LATER), assignment(1, 11), assignment(1, 12, LATER), assignment(2, 11, LATER), assignment(2, null)],
    [member(11, 51), member(12, 51), member(12, 52), member(13, 55)],
  ); // prettier-ignore
  expect(await grants(mine)).toEqual([
    '1: 11 directly from the first',
    '1: 12 directly later',
    '1: 51 directly by 11 12 from the first',
    '1: 52 by 12 later',
    '2: 11 directly later',
    '2: 51 by 11 later',
  ]);
  expect(await versions(other)).toEqual(before);
});

describe('after a change', () => {
  const ASSIGNED = [assignment(1, 51), assignment(1, 11, LATER), assignment(2, 11), assignment(3, 51)];
  const MEMBERS = [member(11, 51), member(11, 52)];
  const AT_FIRST = [
    '1: 11 directly later',
    '1: 51 directly by 11 from the first',
    '1: 52 by 11 later',
    '2: 11 directly from the first',
    '2: 51 by 11 from the first',
    '2: 52 by 11 from the first',
    '3: 51 directly from the first',
  ];
  const without = (...lines: string[]) => AT_FIRST.filter((line) => !lines.includes(line));

  test.each<[string, Cells[], Cells[], string[]]>([
    ['of nothing', ASSIGNED, MEMBERS, AT_FIRST],
    ['who has left a group has what else grants it', ASSIGNED, [member(11, 52)], [
      '1: 11 directly later', '1: 51 directly from the first', '1: 52 by 11 later',
      '2: 11 directly from the first', '2: 52 by 11 from the first', '3: 51 directly from the first',
    ]],
    ['whose assignment is gone has what a group grants', ASSIGNED.slice(1), MEMBERS, [
      '1: 11 directly later', '1: 51 by 11 later', ...AT_FIRST.slice(2),
    ]],
    ['the members of a group that is assigned no more have nothing by it there, and elsewhere what they had',
      [ASSIGNED[0]!, ...ASSIGNED.slice(2)], MEMBERS, ['1: 51 directly from the first', ...AT_FIRST.slice(3)]],
    ['whose assignment was at another time has it from then', [ASSIGNED[0]!, assignment(1, 11), ...ASSIGNED.slice(2)], MEMBERS, [
      '1: 11 directly from the first', AT_FIRST[1]!, '1: 52 by 11 from the first', ...AT_FIRST.slice(3),
    ]],
    ['an application that grants nothing has nobody', ASSIGNED.slice(0, 3), MEMBERS, without(AT_FIRST[6]!)],
    ['a new member has all that the group has', ASSIGNED, [...MEMBERS, member(11, 53)], [
      ...AT_FIRST.slice(0, 3), '1: 53 by 11 later', ...AT_FIRST.slice(3, 6), '2: 53 by 11 from the first', AT_FIRST[6]!,
    ]],
  ])('%s', async (_, assigned, members, expected) => {
    for (const owner of [other, mine]) await land(owner, ASSIGNED, MEMBERS);
    expect(await grants(mine)).toEqual(AT_FIRST);
    const [before, untouched] = [await versions(other), new Set((await versions(mine)).map((row) => JSON.stringify(row)))];
    await land(mine, assigned, members);
    expect(await grants(mine)).toEqual(expected);
    expect(await versions(other)).toEqual(before);
    // What stays as it was is not written.
    const kept = (await versions(mine)).filter((row) => untouched.has(JSON.stringify(row)));
    expect(kept).toHaveLength(expected.filter((line) => AT_FIRST.includes(line)).length);
  }); // prettier-ignore
});

describe('with sign-ins', () => {
  const discover = async () => {
    for (const [{ tenantId }, found] of [
      [mine, [application(1), application(2)]],
      // The same instances are of other applications there.
      [other, [application(1, { applicationId: idOf(2) }), application(2, { applicationId: idOf(1) })]],
    ] as const)
      await landPages(database, newOwner({ tenantId }), [[syncTable(servicePrincipals), rowsOf(found)]]);
  };
  const signInTo = ({ tenantId }: Owner, hour: string, special: Cells) =>
    landSignIns(
      database,
      newOwner({ tenantId, task: 'sso-access' }),
      rowsOf([signIn(hour, `2026-03-03T${hour}:00:00Z`, special)]),
    );
  const said = ({ tenantId }: Owner) =>
    database.rows(
      `select 'grant' as of, user_id, last_login is not null as yes from rollcall_data.sso_grants where tenant_id = $1
       union all select 'total', user_id, assigned from rollcall_data.sign_in_totals where tenant_id = $1 order by 1, 2`,
      [tenantId],
    );

  test.each(['grants', 'sign-ins'])('a grant knows its last login, and a login its grant, if the %s came first', async (first) => {
    await discover();
    const CONCEALED = { anonymized: true, pseudonym: 'x', userId: idOf(53) };
    const assign = async () => {
      await land(mine, [assignment(1, 51), assignment(1, 52), assignment(2, 53), assignment(1, 53)]);
      await land(other, [assignment(1, 51), assignment(2, 52), assignment(1, 53)]);
    };
    if (first === 'grants') await assign();
    await signInTo(other, '09', {});
    for (const owner of [other, mine]) {
      await signInTo(owner, '01', {});
      await signInTo(owner, '02', { userId: idOf(54) });
      await signInTo(owner, '03', CONCEALED);
    }
    if (first === 'sign-ins') await assign();
    await requireKeptInStep(database.pool);
    const row = (of: string, number: number, yes: boolean) => ({ of, user_id: idOf(number), yes });
    const totals = (assigned: boolean) => [row('total', 51, assigned), row('total', 53, false), row('total', 54, false)];
    const granted = [row('grant', 51, true), row('grant', 52, false), row('grant', 53, false), row('grant', 53, false)];
    expect(await said(mine)).toEqual([...granted, ...totals(true)]);
    expect(await said(other)).toEqual([51, 52, 53].map((number) => row('grant', number, false)).concat(totals(false)));
    await signInTo(mine, '01', { anonymized: true, pseudonym: 'x' });
    await requireKeptInStep(database.pool);
    expect(await said(mine)).toContainEqual(row('grant', 51, false));
    await signInTo(mine, '01', {});
    await land(mine, [assignment(1, 52)]);
    await requireKeptInStep(database.pool);
    expect(await said(mine)).toEqual([row('grant', 52, false), ...totals(false)]);
  }); // prettier-ignore

  test('who changes the grants or the sign-ins of a tenant waits for whoever is at it, and not for other tenants', async () => {
    await discover();
    const hold = (db: Parameters<typeof lockPairs>[0]) => lockPairs(db, mine.tenantId);
    expect(await waitsFor(database, hold, () => land(mine, [assignment(1, 51)]))).toBe(true);
    expect(await waitsFor(database, hold, () => signInTo(mine, '01', {}))).toBe(true);
    expect(await waitsFor(database, hold, () => land(other, [assignment(1, 51)]))).toBe(false);
    expect(await waitsFor(database, hold, () => signInTo(other, '01', {}))).toBe(false);
  });
});

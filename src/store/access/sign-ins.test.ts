import { jest } from '@jest/globals';
import { createTestDatabase, embedded, type TestDatabase } from '../../../test/support/servers/database.js';
import { requireKeptInStep } from '../../../test/support/kept-in-step.js';
import { idOf, landSignIns, newOwner, rowsOf, signIn } from '../../../test/support/setup/stage.js';
import { partitionsOf } from '../sql/day-partitions.js';
import type { Owner, Staged } from '../landing/staging.js';
import type { Cells } from '../landing/sync-table.js';
import { dropOldSignIns } from './sign-in-partitions.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());
/** Each test has two tenants of its own, in which sign-ins have the same ids. */
let [mine, other] = [newOwner(), newOwner()];
beforeEach(() => {
  [mine, other] = [newOwner(), newOwner()];
});

const FAILED = { errorCode: 50_126 };
const at = (time: string, day = '03') => `2026-03-${day}T${time}:00Z`;
/** A window of sign-ins as a run of a tenant lands it. */
const land = ({ tenantId }: Owner, events: readonly Cells[], others: readonly Staged[] = []) =>
  landSignIns(database, newOwner({ tenantId, task: 'sso-access' }), [...rowsOf(events), ...others]);

/** What is counted of a person: logins, failures, and the place of the latest login. */
async function counted({ tenantId }: Owner, person = 51): Promise<unknown[] | undefined> {
  const [row] = await database.rows<{ counted: unknown[] }>(
    `select array[login_count::text, failed_count::text, login_location] as counted from rollcall_data.sign_in_totals
     where tenant_id = $1 and user_id = $2`,
    [tenantId, idOf(person)],
  );
  await requireKeptInStep(database.pool);
  return row?.counted;
}
const everythingOf = ({ tenantId }: Owner) =>
  Promise.all(
    ['events', 'totals', 'archive'].map((what) =>
      database.rows(
        `select xmin::text, t.* from rollcall_data.sign_in_${what} t where tenant_id = $1 order by t::text`,
        [tenantId],
      ),
    ),
  );

test('a window is counted as what is new, changed and as it was; of an event that comes twice the last one counts', async () => {
  const [a, b, c] = [signIn('a', at('01:00')), signIn('b', at('02:00')), signIn('c', at('03:00'), FAILED)];
  expect(await land(mine, [a, { ...b, ...FAILED }, b])).toEqual({ added: 2, changed: 0, unchanged: 0 });
  expect(await counted(mine)).toEqual(['2', '0', 'b']);
  expect(await land(mine, [a, { ...b, ...FAILED }, c])).toEqual({ added: 1, changed: 1, unchanged: 1 });
  expect(await counted(mine)).toEqual(['1', '2', 'a']);
  expect(await land(mine, [signIn('d', at('04:00'))])).toEqual({ added: 1, changed: 0, unchanged: 0 });
  expect(await counted(mine)).toEqual(['2', '2', 'd']);
});

test('events that have the same ids in two tenants are events of each', async () => {
  const [a, b] = [signIn('a', at('01:00')), signIn('b', at('02:00'))];
  await land(other, [a, b, signIn('d', at('04:00'))]);
  const before = await everythingOf(other);
  expect(await land(mine, [a, b])).toEqual({ added: 2, changed: 0, unchanged: 0 });
  expect(await counted(mine)).toEqual(['2', '0', 'b']);
  expect(await land(mine, [a, { ...b, ...FAILED }])).toEqual({ added: 0, changed: 1, unchanged: 1 });
  expect(await counted(mine)).toEqual(['1', '1', 'a']);
  expect(await everythingOf(other)).toEqual(before);
});

test('an event whose moment is corrected by hours is counted once, at its new moment', async () => {
  for (const [hour, minutes] of [
    [5, 0],
    [9, 1],
    [2, 2],
  ])
    await land(mine, [signIn('a', at(`0${hour}:0${minutes}`))]);
  expect(await database.rows('select created_at from rollcall_data.sign_in_events where tenant_id = $1', [mine.tenantId])).toEqual([
    { created_at: new Date(at('02:02')) },
  ]);
  expect(await counted(mine)).toEqual(['1', '0', 'a']);
}); // prettier-ignore

test('an event that turns out to be of somebody else is taken from one and given to the other', async () => {
  await land(mine, [signIn('a', at('01:00')), signIn('b', at('02:00'))]);
  await land(mine, [signIn('b', at('02:00'), { userId: idOf(52) })]);
  expect([await counted(mine), await counted(mine, 52)]).toEqual([
    ['1', '0', 'a'],
    ['1', '0', 'b'],
  ]);
});

test('of two logins in one moment the place is that of the greater id, also if the other came before and a failure follows', async () => {
  await land(mine, [signIn('b', at('01:00')), signIn('z', at('02:00'), FAILED)]);
  await land(mine, [signIn('c', at('01:00'))]);
  expect(await counted(mine)).toEqual(['2', '1', 'c']);
  await land(mine, [signIn('a', at('01:00')), signIn('y', at('02:00'), FAILED)]);
  expect(await counted(mine)).toEqual(['3', '2', 'c']);
});

test('what could not be understood is no event, and makes no day', async () => {
  const odd = { reason: 'odd', item: {}, key: { eventId: 'odd', createdAt: at('01:00', '09') } };
  const counts = await land(mine, [signIn('a', at('01:00'))], [{ kind: 'quarantined', ...odd }]);
  expect(counts).toEqual({ added: 1, changed: 0, unchanged: 0 });
  expect(await partitionsOf(database.db, 'sign_in_events')).not.toContain('2026-03-09');
});

describe('once a tenant has dropped its old days', () => {
  const OLD = '2020-02-02';
  const old = (id: string, special: Cells = {}) => signIn(id, `${OLD}T01:00:00Z`, special);
  const drop = (owner: Owner) => dropOldSignIns(database, owner.tenantId, 365);

  test('their events come no more, and are counted for ever; those of other tenants come', async () => {
    await land(mine, [old('a'), old('b')]);
    await drop(mine);
    expect(await land(mine, [old('a'), old('c')])).toEqual({ added: 0, changed: 0, unchanged: 0 });
    expect(await counted(mine)).toEqual(['2', '0', 'b']);
    expect(await land(other, [old('a')])).toEqual({ added: 1, changed: 0, unchanged: 0 });
    expect(await counted(other)).toEqual(['1', '0', 'a']);
  });

  test('a clock that is a year ahead of that of the database drops nothing', async () => {
    const today = signIn('t', new Date().toISOString());
    await land(mine, [today]);
    const ahead = Date.now() + 400 * 86_400_000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(ahead);
    await drop(mine).finally(() => clock.mockRestore());
    expect(await land(mine, [today])).toEqual({ added: 0, changed: 0, unchanged: 1 });
  });

  test('a correction of a later event counts them still, and none of other tenants', async () => {
    const recent = signIn('r', new Date(Date.now() - 60_000).toISOString());
    for (const owner of [other, mine]) {
      await land(owner, [old('a'), old('b'), recent]);
      await drop(owner);
    }
    const before = await everythingOf(other);
    await land(mine, [{ ...recent, ...FAILED }]);
    expect(await counted(mine)).toEqual(['2', '1', 'b']);
    expect(await everythingOf(other)).toEqual(before);
  });
});

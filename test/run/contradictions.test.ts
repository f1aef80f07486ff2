// Changes come in any order, and old ones may come again: what Graph says of an object last need not be what holds.
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { idsOf, refusal, strikeOf } from '../support/absence.js';
import { expectedRoster, ROSTER_SQL } from '../support/roster-oracle.js';
import { createWorld, tenantOf, usersOf, type World } from '../support/setup/world.js';

const EVERYBODY = { includeGuests: true, domainNames: [] };
const PEOPLE = 60;

let world: World;
let id: string;
beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE) });
  id = idsOf(world.tenant.users)[0]!;
  await sync();
});
afterEach(() => world.close());

const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], ...EVERYBODY, ...options });
const strike = strikeOf(() => world);
const expectRight = async () =>
  expect(await world.database.rows(ROSTER_SQL)).toEqual(expectedRoster(usersOf(world.tenant), EVERYBODY));
/** A round of changes that tells these items in place of its own. */
const tell = (...value: unknown[]) =>
  strike('/v1.0/users/delta', { kind: 'edit', edit: (page) => ({ ...(page as object), value }) });

const REASONS = ['changed', 'deleted'] as const;
const whole = () => world.tenant.users.get(id)!;
const part = () => ({ id, displayName: 'Nadia' });
const gone = (reason: string) => ({ id, '@removed': { reason } });

describe.each(REASONS)('a user that Graph also calls gone (%s)', (reason) => {
  test.each([
    ['whole, then gone', () => [whole(), gone(reason)]],
    ['gone, then whole', () => [gone(reason), whole()]],
    ['in part, then gone', () => [part(), gone(reason)]],
    ['gone, then in part', () => [gone(reason), part()]],
    ['in part, gone, then whole', () => [part(), gone(reason), whole()]],
  ])('stays if it exists (%s)', async (_, items) => {
    world.tenant.users.update(id, { displayName: 'Nadia' });
    tell(...items());
    expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 1, removed: 0 }]);
    await expectRight();
  });

  test.each([
    ['whole, then gone', (user: unknown) => [user, gone(reason)]],
    ['gone, then whole', (user: unknown) => [gone(reason), user]],
    ['in part, then gone', () => [part(), gone(reason)]],
    ['in part, gone, then whole', (user: unknown) => [part(), gone(reason), user]],
  ])('is removed if it is gone (%s)', async (_, items) => {
    const user = whole();
    if (reason === 'deleted') world.tenant.users.hardDelete(id);
    else world.tenant.users.softDelete(id);
    tell(...items(user));
    expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 1 }]);
    await expectRight();
  });
});

test('on different pages it is the same', async () => {
  for (const each of idsOf(world.tenant.users)) world.tenant.users.update(each, { displayName: 'Nadia' });
  await world.close();
  world = await createWorld({ tenant: tenantOf(450) });
  await sync();
  id = idsOf(world.tenant.users)[0]!;
  for (const each of idsOf(world.tenant.users)) world.tenant.users.update(each, { department: 'Merged' });
  const add = (item: unknown) => (page: unknown) => {
    const { value, ...rest } = page as { value: unknown[] };
    return { ...rest, value: [...value, item] };
  };
  strike('/v1.0/users/delta', { kind: 'edit', edit: add(gone('changed')) }, { nth: 3 });
  expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 450, removed: 0 }]);
  await expectRight();
});

test('if Graph does not show it either way, its row stays as it was, and the run is partial', async () => {
  const before = await world.database.rows(ROSTER_SQL);
  world.tenant.users.update(id, { displayName: 'Nadia' });
  tell(whole(), gone('changed'));
  strike(`/v1.0/users/${id}`, refusal(403, 'Authorization_RequestDenied'), { times: 'always' });
  expect(await sync()).toMatchObject([{ outcome: 'partial', changed: 0, removed: 0 }]);
  expect(await world.database.rows(ROSTER_SQL)).toEqual(before);
  world.emulator.faults.clear();
  expect(await sync()).toMatchObject([{ outcome: 'complete', changed: 1 }]);
  await expectRight();
});

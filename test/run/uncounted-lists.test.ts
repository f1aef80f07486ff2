// A Graph that does not count, or counts less than has come, proves nothing: it is asked for the users that it did not list.
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import type { FaultAction } from '../../src/emulator/index.js';
import { idsOf, refusal, strikeOf } from '../support/absence.js';
import { expectedRoster, ROSTER_SQL } from '../support/roster-oracle.js';
import { createWorld, graphPaths, SETTINGS, tenantOf, usersOf, type World } from '../support/setup/world.js';

const EVERYBODY = { includeGuests: true, domainNames: [] };
const PEOPLE = 300;

let world: World;
beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE), largestPage: 100 });
  await sync();
  world.emulator.clearRequests();
});
afterEach(() => world.close());

const settings = { ...SETTINGS, removalGuardPercent: 100 };
const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], ...EVERYBODY, settings, ...options });
const strike = strikeOf(() => world);
const text = (body: unknown): FaultAction => ({
  kind: 'reply',
  status: 200,
  headers: { 'Content-Type': 'text/plain' },
  body,
});
const expectRight = async () =>
  expect(await world.database.rows(ROSTER_SQL)).toEqual(expectedRoster(usersOf(world.tenant), EVERYBODY));
const asked = () => graphPaths(world.emulator).filter((path) => /^\/v1\.0\/users\/[0-9a-f]{8}-/.test(path)).length;

const NO_PROOF: readonly (readonly [string, FaultAction])[] = [
  ['refuses to count (400)', refusal(400, 'Request_BadRequest')],
  ['refuses to count (501)', refusal(501, 'NotImplemented')],
  ['counts in words', text('many')],
  ['counts nobody', text('0')],
  ['counts fewer than it lists', text('90')],
];

describe.each(NO_PROOF)('If Graph %s', (_, answer) => {
  beforeEach(() => strike('/v1.0/users/$count', answer, { times: 'always' }));

  test('a full read that ends early removes nobody, is partial, and is made good by the next', async () => {
    strike('/v1.0/users?', { kind: 'drop-link' });
    const [run] = await sync({ full: true });
    expect(run).toMatchObject({ outcome: 'partial', removed: 0 });
    expect(run!.note).toContain('users lacks 200 that Graph does not say are gone');
    await expectRight();
    expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 0, unchanged: PEOPLE }]);
  });

  test('users that are gone are removed, and those alone are asked for', async () => {
    const [first, second, ...others] = idsOf(world.tenant.users);
    world.tenant.users.softDelete(first!);
    world.tenant.users.hardDelete(second!);
    expect(others).toHaveLength(PEOPLE - 2);
    strike('/v1.0/users/delta', refusal(501, 'NotImplemented'), { times: 'always' });
    expect(await sync()).toMatchObject([{ outcome: 'complete', removed: 2 }]);
    await expectRight();
    // Each twice: a replica may lag.
    expect(asked()).toBe(4);
  });
});

test('those that Graph says are gone do not fill the place of those that it did not list', async () => {
  const strangers = (page: unknown) => {
    const { value, ...rest } = page as { value: unknown[] };
    const removed = Array.from({ length: 200 }, (_, index) => ({
      id: `b19b19b1-0000-4000-8000-${String(index).padStart(12, '0')}`,
      '@removed': { reason: 'deleted' },
    }));
    return { ...rest, value: [...value, ...removed] };
  };
  strike('/v1.0/users?', { kind: 'drop-link' });
  // The first is asked for the cursor, the second for the changes.
  strike('/v1.0/users/delta', { kind: 'edit', edit: strangers }, { nth: 2 });
  const [run] = await sync({ full: true });
  expect(run).toMatchObject({ outcome: 'partial', removed: 0 });
  expect(run!.note).toContain(`Graph listed 100 of ${PEOPLE} users`);
  await expectRight();
});

// A user that a filter leaves out is not asked for if Graph tells all that the filter looks at.
import { graphUser } from '../../src/jobs/hr-roster/item.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { strikeOf } from '../support/absence.js';
import { expectedRoster, ROSTER_SQL, type RosterFilters } from '../support/roster-oracle.js';
import { createWorld, tenantOf, usersOf, type World } from '../support/setup/world.js';

const NO_GUESTS = { includeGuests: false, domainNames: [] };
const AGENTS = { includeGuests: false, includeAgents: true, domainNames: [] };
const OTHERS = { includeGuests: true, domainNames: ['fabrikam.example'] };
const PEOPLE = 200;

let world: World;
beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE) });
});
afterEach(() => world.close());

const sync = async (filters: RosterFilters) => (await world.sync({ tasks: [hrRoster], ...filters }))[0]!;
const expectRight = async (filters: RosterFilters) =>
  expect(await world.database.rows(ROSTER_SQL)).toEqual(expectedRoster(usersOf(world.tenant), filters));
const guests = () => usersOf(world.tenant).filter(({ userType }) => userType === 'Guest');
const change = (users: readonly Record<string, unknown>[]) => {
  for (const { id } of users) world.tenant.users.update(String(id), { department: 'Merged' });
};

test('a night in which only guests change costs the pages of their changes', async () => {
  await sync(NO_GUESTS);
  change(guests());
  expect(guests().length).toBeGreaterThan(5);
  expect(await sync(NO_GUESTS)).toMatchObject({ outcome: 'complete', filtered: guests().length, requests: 1 });
  await expectRight(NO_GUESTS);
});

test('people of other domains cost nothing either', async () => {
  const members = usersOf(world.tenant).filter(({ userType }) => userType !== 'Guest');
  await sync({ ...NO_GUESTS, domainNames: OTHERS.domainNames });
  change(members);
  const filters = { ...NO_GUESTS, domainNames: OTHERS.domainNames };
  expect(await sync(filters)).toMatchObject({ outcome: 'complete', filtered: members.length, requests: 1 });
  await expectRight(filters);
});

test.each([
  ['guest: the type, if agents are wanted', AGENTS, '@odata.type'],
  ['guest: the user type', NO_GUESTS, 'userType'],
  ['domain: the mail of a guest', OTHERS, 'mail'],
])('a user that is told without what the filter looks at is asked for (%s)', async (_, filters, name) => {
  await sync(filters);
  change(guests());
  const properties = Object.keys(graphUser.shape).filter((each) => each !== name);
  strikeOf(() => world)('/v1.0/users/delta', { kind: 'tell-part', properties }, { times: 'always' });
  const run = await sync(filters);
  expect(run.outcome).toBe('complete');
  expect(run.requests).toBeGreaterThan(1);
  await expectRight(filters);
});

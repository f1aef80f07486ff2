// The type that tells an agent from a person comes without being asked for. A change that lacks it says nothing about it.
import { graphUser } from '../../src/jobs/hr-roster/item.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { strikeOf } from '../support/absence.js';
import { expectedRoster, ROSTER_SQL, type RosterFilters } from '../support/roster-oracle.js';
import { createWorld, tenantOf, usersOf, type World } from '../support/setup/world.js';

const WITH_AGENTS = { includeGuests: true, includeAgents: true, domainNames: [] };
const WITHOUT = { ...WITH_AGENTS, includeAgents: false };
const AGENT = '22222222-2222-4222-8222-222222222222';
const NEWCOMER = '33333333-3333-4333-8333-333333333333';
let world: World;
beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(60) });
  const [model] = usersOf(world.tenant);
  world.tenant.users.put({
    ...model,
    id: AGENT,
    '@odata.type': '#microsoft.graph.agentUser',
    displayName: 'Order desk',
  });
});
afterEach(() => world.close());

const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], ...options });
const expectRight = async (filters: RosterFilters) =>
  expect(await world.database.rows(ROSTER_SQL)).toEqual(expectedRoster(usersOf(world.tenant), filters));

/** Every property is told of what has changed, null or not, but never the type. */
function tellNoType(): void {
  const names = Object.keys(graphUser.shape).filter((name) => !name.startsWith('@'));
  const edit = (page: unknown) => {
    const { value, ...rest } = page as { value: { id: string }[] };
    const told = value.map(({ id }) => world.tenant.users.get(id) ?? { id, '@removed': { reason: 'changed' } });
    return {
      ...rest,
      value: told.map((user) =>
        '@removed' in user ? user : Object.fromEntries(names.map((name) => [name, user[name] ?? null])),
      ),
    };
  };
  strikeOf(() => world)('/v1.0/users/delta', { kind: 'edit', edit }, { times: 'always' });
}

test('an agent of the roster stays an agent', async () => {
  await sync(WITH_AGENTS);
  tellNoType();
  world.tenant.users.update(AGENT, { displayName: 'Order desk 2' });
  expect(await sync(WITH_AGENTS)).toMatchObject([{ outcome: 'complete', changed: 1, removed: 0 }]);
  await expectRight(WITH_AGENTS);
});

test('an agent that Graph calls a guest stays in the roster, although guests are left out', async () => {
  const filters = { ...WITH_AGENTS, includeGuests: false };
  await sync(filters);
  tellNoType();
  world.tenant.users.update(AGENT, { userType: 'Guest' });
  expect(await sync(filters)).toMatchObject([{ outcome: 'complete', removed: 0 }]);
  await expectRight(filters);
});

test('an agent that is not wanted does not come in as a person', async () => {
  await sync(WITHOUT);
  tellNoType();
  world.tenant.users.update(AGENT, { displayName: 'Order desk 2' });
  expect(await sync(WITHOUT)).toMatchObject([{ outcome: 'complete', added: 0, filteredBy: { agent: 1 } }]);
  await expectRight(WITHOUT);
});

test('an agent that is removed as filtered does not return as a person', async () => {
  await sync(WITH_AGENTS);
  await sync(WITHOUT);
  tellNoType();
  world.tenant.users.update(AGENT, { department: 'Sales' });
  expect(await sync(WITHOUT)).toMatchObject([{ outcome: 'complete', added: 0, filteredBy: { agent: 1 } }]);
  await expectRight(WITHOUT);
});

test('people who change cost no request more for that, and people who join one for every twenty', async () => {
  await sync(WITHOUT);
  tellNoType();
  for (const user of usersOf(world.tenant)) {
    if (user['id'] !== AGENT) world.tenant.users.update(String(user['id']), { department: 'Merged' });
  }
  expect(await sync(WITHOUT)).toMatchObject([{ outcome: 'complete', changed: 60, requests: 1 }]);
  await expectRight(WITHOUT);
  const [model] = usersOf(world.tenant);
  world.tenant.users.put({ ...model, id: NEWCOMER, displayName: 'Nadia' });
  expect(await sync(WITHOUT)).toMatchObject([{ outcome: 'complete', added: 1, requests: 2 }]);
  await expectRight(WITHOUT);
});

test('a person who becomes a guest is one, although the type is not told', async () => {
  await sync(WITHOUT);
  tellNoType();
  const [first] = usersOf(world.tenant);
  world.tenant.users.update(String(first!['id']), { userType: 'Guest' });
  expect(await sync(WITHOUT)).toMatchObject([{ outcome: 'complete', changed: 1 }]);
  await expectRight(WITHOUT);
});

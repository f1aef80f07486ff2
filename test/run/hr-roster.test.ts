import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { createWorld, SETTINGS, graphPaths, tenantOf, usersOf, type World } from '../support/setup/world.js';
import { expectedRoster, ROSTER_SQL, type RosterFilters } from '../support/roster-oracle.js';

let world: World;
afterEach(() => world.close());

/** This task alone: the others have tests of their own. */
const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], ...options });
const roster = () => world.database.rows(ROSTER_SQL);
const expected = (filters: Partial<RosterFilters> = {}) =>
  expectedRoster(usersOf(world.tenant), { includeGuests: false, domainNames: [], ...filters });
const idsOf = (rows: { user_id?: unknown }[]) => rows.map((row) => row.user_id);

test.each([
  { includeGuests: false, domainNames: [] },
  { includeGuests: true, domainNames: [] },
  { includeGuests: false, domainNames: ['northwind-bikes.example'] },
  { includeGuests: true, domainNames: ['northwind-bikes.example', 'fabrikam.example'] },
  { includeGuests: true, domainNames: ['nobody.example'] },
  { includeGuests: true, domainNames: ['fabrikam.example'] },
  { includeGuests: false, includeAgents: true, domainNames: [] },
  { includeGuests: true, includeAgents: true, domainNames: [] },
])('with the filters %j every cell of the roster is right', async (filters) => {
  world = await createWorld();
  const [run] = await sync(filters);
  expect(run).toMatchObject({ outcome: 'complete', errorCode: null });
  expect(await roster()).toEqual(expected(filters));
  expect(run!.items).toBe(world.tenant.users.size);
  expect(run!.added + run!.filtered).toBe(world.tenant.users.size);
});

test('a run says what happened', async () => {
  world = await createWorld({ tenant: tenantOf(2500) });
  const [run] = await sync();
  expect(run).toMatchObject({ pages: 4, items: 2500, requests: 6, retries: 0, quarantined: 0, changed: 0, removed: 0 });
  expect(run!.bytes).toBeGreaterThan(10_000);
  expect(Object.values(run!.filteredBy).reduce((sum, n) => sum + n, 0)).toBe(run!.filtered);
});

test('a second identical read writes no row version into the users table', async () => {
  world = await createWorld({ tenant: tenantOf(1500) });
  const written = async () => {
    await world.database.pool.query('select pg_stat_force_next_flush()');
    const [row] = await world.database.rows<{ n: string }>(
      "select n_tup_ins + n_tup_upd + n_tup_del as n from pg_stat_user_tables where relname = 'users'",
    );
    return Number(row!.n);
  };
  // Statistics arrive when the session that wrote them is idle: they are waited for, not hoped for.
  const [first] = await sync();
  while ((await written()) < first!.added) await new Promise((resolve) => setTimeout(resolve, 20));
  const versions = () =>
    world.database.rows('select xmin::text, xmax::text, ctid::text from rollcall_data.users order by ctid');
  const before = await versions();
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'complete', added: 0, changed: 0, removed: 0, unchanged: first!.added });
  expect(await versions()).toEqual(before);
  expect(await written()).toBe(first!.added);
});

test('people join, leave, move, become guests and return, and the roster and its changes tell it once', async () => {
  world = await createWorld();
  await sync();
  const { users } = world.tenant;
  const [leaver, mover, guest] = expected()
    .filter((row) => row.user_type === 'Member')
    .map((row) => row.user_id);
  users.softDelete(leaver!);
  users.update(mover!, { department: 'Moved here' });
  users.update(guest!, { userType: 'Guest' });
  users.put({
    ...users.get(mover!)!,
    id: '11111111-1111-4111-8111-111111111111',
    userPrincipalName: 'new@northwind-bikes.example',
  });
  const [second] = await sync();
  expect(second).toMatchObject({ outcome: 'complete', added: 1, changed: 1, removed: 2 });
  expect(await roster()).toEqual(expected());
  users.restore(leaver!);
  const [third] = await sync();
  expect(third).toMatchObject({ added: 1, changed: 0, removed: 0 });
  expect(await roster()).toEqual(expected());
  const told = await world.database.rows<{ kind: string; reason: string | null; id: string }>(
    "select kind, reason, row_key->>'user_id' as id from rollcall.changes order by changed_at, kind, reason",
  );
  expect(told).toEqual([
    { kind: 'added', reason: null, id: '11111111-1111-4111-8111-111111111111' },
    { kind: 'changed', reason: null, id: mover },
    { kind: 'removed', reason: 'filtered', id: guest },
    { kind: 'removed', reason: 'gone', id: leaver },
    { kind: 'added', reason: 'returned', id: leaver },
  ]);
});

test('a changed filter takes effect with the next run, both ways, and is no reason to hold it', async () => {
  world = await createWorld();
  await sync({ includeGuests: true });
  const narrow = { includeGuests: false, domainNames: ['velo-atelier.example'] };
  const [narrowed] = await sync(narrow);
  expect(narrowed).toMatchObject({ outcome: 'complete', added: 0 });
  expect(narrowed!.removed).toBeGreaterThan(100);
  expect(await roster()).toEqual(expected(narrow));
  const reasons = await world.database.rows("select distinct reason from rollcall.changes where kind = 'removed'");
  expect(reasons).toEqual([{ reason: 'filtered' }]);
  const [widened] = await sync({ includeGuests: true });
  expect(widened).toMatchObject({ outcome: 'complete', added: narrowed!.removed });
  expect(await roster()).toEqual(expected({ includeGuests: true }));
});

test('the accounts of AI agents are counted by a name of their own, and come and go with the setting', async () => {
  world = await createWorld();
  const agents = usersOf(world.tenant).filter((user) => String(user['@odata.type']).endsWith('agentUser'));
  const listed = () =>
    world.database.rows("select user_id from rollcall.hr_roster where user_type = 'Agent' order by user_id::text");
  const ids = agents
    .map(({ id }) => ({ user_id: id }))
    .sort((a, b) => (String(a.user_id) < String(b.user_id) ? -1 : 1));
  expect(ids.length).toBeGreaterThan(3);
  const [without] = await sync({ includeGuests: true });
  expect(without).toMatchObject({ outcome: 'complete', filteredBy: { agent: agents.length } });
  expect(await listed()).toEqual([]);
  const [withThem] = await sync({ includeGuests: true, includeAgents: true });
  expect(withThem).toMatchObject({ outcome: 'complete', added: agents.length, filtered: 0 });
  expect(await listed()).toEqual(ids);
  const [again] = await sync({ includeGuests: true });
  expect(again).toMatchObject({ outcome: 'complete', removed: agents.length, filteredBy: { agent: agents.length } });
  const reasons = await world.database.rows("select distinct reason from rollcall.changes where kind = 'removed'");
  expect(reasons).toEqual([{ reason: 'filtered' }]);
});

test('no text of the roster is blank or has white space at its ends', async () => {
  world = await createWorld();
  await sync({ includeGuests: true, includeAgents: true });
  const columns = [
    'user_principal_name',
    'email',
    'first_name',
    'last_name',
    'display_name',
    'department',
    'location',
    'user_type',
  ];
  const untidy = await world.database.rows(`
    select t.text from rollcall.hr_roster, unnest(array[${columns.join(', ')}] || email_aliases) as t(text)
    where t.text ~ '^[[:space:]\u0085\u00A0\u3000]|[[:space:]\u0085\u00A0\u3000]$' or t.text = ''`);
  expect(untidy).toEqual([]);
  const types = await world.database.rows('select distinct user_type from rollcall.hr_roster order by 1');
  expect(types.map((row) => row['user_type'])).toEqual(['Agent', 'Contractor', 'Guest', 'Member', null]);
});

test('removals beyond the guard are held, with additions and changes in', async () => {
  world = await createWorld();
  await sync();
  const before = expected();
  for (const id of idsOf(before).slice(0, 60)) world.tenant.users.hardDelete(String(id));
  world.tenant.users.update(before.at(-1)!.user_id, { department: 'Changed meanwhile' });
  const [held] = await sync();
  expect(held).toMatchObject({ outcome: 'held', removed: 60, changed: 1 });
  expect(await roster()).toHaveLength(before.length);
  expect(await world.database.rows('select from rollcall_data.held_removals')).toHaveLength(60);
  const [released] = await sync({ settings: { ...SETTINGS, removalGuardPercent: 100 } });
  expect(released).toMatchObject({ outcome: 'complete', removed: 60 });
  expect(await roster()).toEqual(expected());
});

test('a listing and its count between two looks at the changes, the properties of the schema, nothing else', async () => {
  world = await createWorld();
  await sync();
  const [before, listing, count, after, ...others] = graphPaths(world.emulator).map((path) => decodeURIComponent(path));
  expect(others).toEqual([]);
  expect(before).toMatch(/^\/v1\.0\/users\/delta\?\$select=id,userPrincipalName,[A-Za-z,]+&\$deltatoken=latest$/);
  expect(listing).toMatch(/^\/v1\.0\/users\?\$select=id,userPrincipalName,[A-Za-z,]+&\$top=999$/);
  expect(count).toBe('/v1.0/users/$count');
  expect(after).toMatch(/^\/v1\.0\/users\/delta\?\$deltatoken=/);
});

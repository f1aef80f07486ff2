import { randomUUID } from 'node:crypto';
import { createTestDatabase, servers, type TestDatabase } from '../../../test/support/servers/database.js';
import { stage } from '../../../test/support/setup/stage.js';
import { diff, dropStaging, merge, syncTable, users, type Owner, type Staged } from '../index.js';

const table = syncTable(users);
const tenantId = randomUUID();

/** A user whose id is made of one digit. */
const person = (digit: number, department: string | null = null): Staged => ({
  kind: 'row',
  row: {
    userId: idOf(digit),
    userPrincipalName: `p${digit}@contoso.com`,
    email: null,
    emailAliases: ['a"b\\c', 'd,e'],
    firstName: `tab\there, line\nhere, \\N, null\0byte`,
    lastName: null,
    displayName: 'שלום 👩‍💻',
    activeDate: '2020-01-01T00:00:00.123456Z',
    department,
    location: null,
    userType: 'Member',
    accountEnabled: true,
    anonymized: false,
  },
});
const idOf = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
const filtered = (digit: number): Staged => ({ kind: 'filtered', filter: 'guest', key: { userId: idOf(digit) } });
const unreadable = (digit: number | null): Staged => ({
  kind: 'quarantined',
  reason: 'displayName: expected string',
  item: { id: digit, displayName: 'half \ud83d of a pair, and \u0000' },
  key: digit === null ? null : { userId: idOf(digit) },
});

describe.each(servers)('On $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(server);
  });
  afterAll(() => database.drop());
  beforeEach(() =>
    database.pool.query('truncate rollcall_data.users, rollcall_data.changes, rollcall_data.quarantine'),
  );

  /** One complete run over these items. */
  async function run(
    items: readonly Staged[],
    { sweep = true, held = false, firstLoad = false, resource = '/users', task = 'hr-roster', of = tenantId } = {},
  ) {
    const owner: Owner = { id: randomUUID(), attempt: 1, tenantId: of, task };
    await stage(database, owner, [[table, items]]);
    return database.transaction(async ({ db }) => {
      const difference = await diff(db, table, { owner, sweep, delta: false });
      await merge(db, table, {
        tenantId: owner.tenantId,
        runId: owner.id,
        task: owner.task,
        resource,
        held,
        firstLoad,
        delta: false,
        difference,
      });
      await dropStaging(db, owner, { only: owner.id });
      return difference;
    });
  }

  const live = () => database.rows('select user_id, department from rollcall.hr_roster order by 1');
  const changes = () =>
    database.rows('select kind, reason, row_key, before, after from rollcall.changes order by row_key');

  test('every cell arrives as it was sent, but for what Postgres cannot store', async () => {
    await run([person(1, 'R&D')], { firstLoad: true });
    const [row] = await database.rows('select *, active_date::text as day from rollcall.hr_roster');
    expect(row).toMatchObject({
      tenant_id: tenantId,
      email_aliases: ['a"b\\c', 'd,e'],
      first_name: 'tab\there, line\nhere, \\N, nullbyte',
      last_name: null,
      display_name: 'שלום 👩‍💻',
      day: '2020-01-01 00:00:00.123456+00',
      account_enabled: true,
    });
  });

  test('the first load of a tenant writes no change', async () => {
    await run([person(1), person(2)], { firstLoad: true });
    expect(await live()).toHaveLength(2);
    expect(await changes()).toEqual([]);
  });

  test('later runs write one change per difference, with before and after', async () => {
    await run([person(1, 'A'), person(2, 'A'), person(3, 'A')], { firstLoad: true });
    const difference = await run([person(1, 'A'), person(2, 'B'), person(4, 'A')]);
    expect(difference).toMatchObject({ live: 3, added: 1, changed: 1, removed: 1, unchanged: 1 });
    expect(await changes()).toEqual([
      {
        kind: 'changed',
        reason: null,
        row_key: { user_id: idOf(2) },
        before: { department: 'A' },
        after: { department: 'B' },
      },
      {
        kind: 'removed',
        reason: 'gone',
        row_key: { user_id: idOf(3) },
        before: expect.objectContaining({ department: 'A' }),
        after: null,
      },
      {
        kind: 'added',
        reason: null,
        row_key: { user_id: idOf(4) },
        before: null,
        after: expect.objectContaining({ department: 'A' }),
      },
    ]);
  });

  test('an unchanged read writes no row version at all', async () => {
    const everybody = [1, 2, 3, 4, 5].map((digit) => person(digit));
    await run(everybody, { firstLoad: true });
    const versions = () =>
      database.rows('select xmin::text, ctid::text, user_id from rollcall_data.users order by user_id');
    const before = await versions();
    expect(await run(everybody)).toMatchObject({ added: 0, changed: 0, removed: 0, unchanged: 5 });
    expect(await versions()).toEqual(before);
  });

  test('a removed row is kept, and comes back with its first day', async () => {
    await run([person(1), person(2)], { firstLoad: true });
    const [first] = await database.rows('select first_seen_at from rollcall.hr_roster where user_id = $1', [idOf(2)]);
    await run([person(1)]);
    expect(await live()).toHaveLength(1);
    const [removed] = await database.rows(
      'select removed_reason, removed_at is not null as dated from rollcall_data.users where user_id = $1',
      [idOf(2)],
    );
    expect(removed).toEqual({ removed_reason: 'gone', dated: true });
    expect(await run([person(1), person(2)])).toMatchObject({ added: 1, unchanged: 1 });
    expect(await database.rows('select first_seen_at from rollcall.hr_roster where user_id = $1', [idOf(2)])).toEqual([
      first,
    ]);
    expect(await changes()).toContainEqual(expect.objectContaining({ kind: 'added', reason: 'returned' }));
  });

  test('who begins to fail a filter is removed with that reason, whoever else was not met', async () => {
    await run([person(1), person(2), person(3)], { firstLoad: true });
    expect(await run([person(1), filtered(2), filtered(9)], { sweep: false })).toMatchObject({
      removed: 1,
      filteredOut: 1,
      returned: 0,
    });
    expect(await live()).toEqual([
      { user_id: idOf(1), department: null },
      { user_id: idOf(3), department: null },
    ]);
    expect(await changes()).toEqual([expect.objectContaining({ kind: 'removed', reason: 'filtered' })]);
  });

  test('an item that cannot be read keeps its row, and lies in quarantine until it can', async () => {
    await run([person(1, 'A'), person(2)], { firstLoad: true });
    expect(await run([unreadable(1), person(2)])).toMatchObject({ removed: 0, changed: 0 });
    expect(await live()).toContainEqual({ user_id: idOf(1), department: 'A' });
    expect(await database.rows('select item_id, reason from rollcall_data.quarantine')).toEqual([
      { item_id: idOf(1), reason: 'displayName: expected string' },
    ]);
    await run([person(1, 'A'), person(2)]);
    expect(await database.rows('select * from rollcall_data.quarantine')).toEqual([]);
  });

  test('an item without a readable id lies in quarantine without one', async () => {
    await run([unreadable(null), person(2)], { sweep: false });
    expect(await database.rows('select item_id from rollcall_data.quarantine')).toEqual([{ item_id: null }]);
  });

  test('what lies in quarantine stays there when another collection, task or tenant is read', async () => {
    const beside = [{ resource: '/groups' }, { task: 'application-discovery' }, { of: randomUUID() }];
    for (const each of [...beside, {}]) await run([unreadable(1)], each);
    expect(await database.rows('select from rollcall_data.quarantine')).toHaveLength(4);
    await run([]);
    expect(await database.rows('select from rollcall_data.quarantine')).toHaveLength(3);
  });

  test('what Graph does not show again is as it showed it before in the run; but if it said that it is gone, as it is known', async () => {
    const key = (digit: number) => ({ key: { userId: idOf(digit) } });
    await run([person(1, 'A'), person(2, 'A'), person(3, 'A')], { firstLoad: true });
    const shown: Staged[] = [person(1, 'B'), person(2, 'B'), { kind: 'removed', ...key(2) }];
    await run([...shown, { kind: 'unproven', ...key(1) }, { kind: 'unproven', ...key(2) }], { sweep: false });
    expect(await live()).toEqual([
      { user_id: idOf(1), department: 'B' },
      { user_id: idOf(2), department: 'A' },
      { user_id: idOf(3), department: 'A' },
    ]);
  });

  test('of an object that comes twice the last one counts', async () => {
    expect(await run([person(1, 'old'), person(2), person(1, 'new')], { firstLoad: true })).toMatchObject({ added: 2 });
    expect(await live()).toContainEqual({ user_id: idOf(1), department: 'new' });
  });

  test('a held run brings its additions and changes, and keeps the list of its removals', async () => {
    await run([person(1, 'A'), person(2)], { firstLoad: true });
    await run([person(1, 'B'), person(3)], { held: true });
    expect(await live()).toEqual([
      { user_id: idOf(1), department: 'B' },
      { user_id: idOf(2), department: null },
      { user_id: idOf(3), department: null },
    ]);
    expect(await database.rows('select row_key, reason from rollcall_data.held_removals')).toEqual([
      { row_key: { user_id: idOf(2) }, reason: 'gone' },
    ]);
    expect((await changes()).map((change) => change['kind'])).toEqual(['changed', 'added']);
  });

  test('other tenants are never touched', async () => {
    await database.pool.query(
      `insert into rollcall_data.users (tenant_id, user_id, email_aliases, anonymized, row_hash, first_seen_at, changed_at)
       values ($1, $2, '{}', false, $1, now(), now())`,
      [randomUUID(), idOf(1)],
    );
    expect(await run([person(2)])).toMatchObject({ live: 0, added: 1, removed: 0 });
    expect(await database.rows('select from rollcall.hr_roster')).toHaveLength(2);
  });

  test('nothing of a run is left in staging', async () => {
    await run([person(1)]);
    // The run's own have its id in their names.
    expect(
      await database.rows(
        "select from pg_class where relnamespace = 'rollcall_staging'::regnamespace and relkind = 'r' and length(relname) > 36",
      ),
    ).toEqual([]);
    expect(await database.rows('select from rollcall_staging.checkpoints')).toEqual([]);
  });
});

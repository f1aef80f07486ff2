import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { ssoAccess } from '../../src/jobs/sso-access/index.js';
import {
  expectedAccess,
  expectedSignIns,
  SIGN_INS_SQL,
  signInsSince,
  sortedBy,
  DAY,
} from '../support/access-oracle.js';
import { windowsOf } from '../support/setup/access-tenant.js';
import type { RosterFilters } from '../support/roster-oracle.js';
import { createWorld, graphPaths, type World } from '../support/setup/world.js';

const EVERYBODY: RosterFilters = { includeGuests: true, domainNames: [] };
const HOUR = DAY / 24;
let world: World;
let since: string;
let started: number;

beforeAll(async () => {
  world = await createWorld();
  started = Date.now();
  await world.sync({ includeGuests: false });
  since = windowsOf(graphPaths(world.emulator))[0]!.from;
});
afterAll(() => world.close());

const view = () => world.database.rows(SIGN_INS_SQL);
const expected = (filters = EVERYBODY) => expectedSignIns(world.tenant, filters, signInsSince(world.tenant, since));

test('the first run asks for 30 days, by ge and le only, a thousand a page, without a gap', () => {
  const asked = graphPaths(world.emulator).map((path) => decodeURIComponent(path.replaceAll('+', ' ')));
  const pages = asked.filter((path) => path.includes('/auditLogs/signIns'));
  for (const page of pages) {
    expect(page).toContain('$top=1000');
    expect(page).not.toMatch(/createdDateTime (lt|gt|eq|ne)|\$select|\$orderby|\$count/);
  }
  const windows = windowsOf(graphPaths(world.emulator));
  expect(Math.abs(Date.parse(windows[0]!.from) - (started - 30 * DAY))).toBeLessThan(5 * 60_000);
  for (const [index, { from, to }] of windows.entries()) {
    expect(Date.parse(to)).toBeGreaterThan(Date.parse(from));
    const next = windows[index + 1];
    if (next !== undefined) expect(Date.parse(next.from)).toBeLessThanOrEqual(Date.parse(to));
  }
  expect(Date.parse(windows.at(-1)!.to)).toBeGreaterThanOrEqual(started);
});

test.each<RosterFilters>([
  { includeGuests: false, domainNames: [] },
  { includeGuests: false, domainNames: ['northwind-bikes.example'] },
  { includeGuests: true, domainNames: ['northwind-bikes.example', 'fabrikam.example'] },
  EVERYBODY,
])('with the filters %j every cell is right, without reading sign-ins again', async (filters) => {
  world.emulator.clearRequests();
  const [run] = await world.sync({ ...filters, tasks: [hrRoster] });
  expect(run).toMatchObject({ outcome: 'complete', errorCode: null });
  const rows = expected(filters);
  expect(rows.length).toBeGreaterThan(200);
  expect(await view()).toEqual(rows);
  expect(windowsOf(graphPaths(world.emulator))).toEqual([]);
});

test('sign-ins of guests are stored while guests are filtered out, and appear when they are not', () => {
  const guests = expected().length - expected({ includeGuests: false, domainNames: [] }).length;
  expect(guests).toBeGreaterThan(5);
});

test('a user whom the roster does not know is no row; sign-ins that name nobody are rows, apart', async () => {
  const rows = await view();
  const ids = new Set(rows.filter((row) => row['anonymized'] === false).map((row) => row['user_id']));
  const known = await world.database.rows<{ user_id: string }>('select user_id from rollcall.hr_roster');
  expect([...ids].filter((id) => !known.some((row) => row.user_id === id))).toEqual([]);
  expect(rows.some((row) => row['anonymized'] === true && row['user_id'] !== null)).toBe(true);
  expect(rows.filter((row) => row['anonymized'] === true && row['email'] !== null)).toEqual([]);
});

test('a concealed name is a row of its own, whatever the case of its digits; what has no name is one row', async () => {
  const found = await world.database.rows(`
    select coalesce(user_id::text, '') as user_id, lower(user_principal_name) as name, login_count::int as login_count,
           interrupted_count::int as interrupted_count, failed_count::int as failed_count
    from rollcall.suspicious_access where application_name = 'Graph Explorer' and user_id is null
    order by user_principal_name collate "C" nulls first`);
  const counts = (name: string | null, login_count: number, interrupted_count = 0, failed_count = 0) => ({
    user_id: '',
    name,
    login_count,
    interrupted_count,
    failed_count,
  });
  expect(found).toEqual([
    counts(null, 2, 0, 1),
    counts('0d1b4d1a2e3c4f5061728394a5b6c7d8', 1),
    counts('adelevance@fabrikam.example', 1),
    counts('fe7cc8c15246edcca289c9a4022762f7', 2, 1),
    counts('{pii removed}@another.example', 1),
    counts('{pii removed}@domain.com', 1, 0, 1),
  ]);
  const [twice] = await world.database.rows(`
    select count(*)::int as rows from rollcall.suspicious_access
    where application_name = 'Graph Explorer' and user_id is not null group by user_id having count(*) > 1`);
  expect(twice).toEqual({ rows: 2 });
});

test('of a person of the roster an interrupt is no failure, and what has no error code is nothing', async () => {
  const found = await world.database.rows(`
    select distinct login_count::int as logins, interrupted_count::int as interrupts, failed_count::int as failures
    from rollcall.sso_access a join rollcall.hr_roster r using (tenant_id, user_id)
    where application_name = 'Fieldnotes' and interrupted_count >= 13`);
  expect(found).toEqual([{ logins: 2, interrupts: 13, failures: 4 }]);
});

test('sign-ins of a person in an application that is not known are one row, whatever the way of not naming it', async () => {
  const found = await world.database.rows(`
    select a.application_name, login_count::int as logins, interrupted_count::int as interrupts
    from rollcall.sso_access a join rollcall.hr_roster r using (tenant_id, user_id) where application_id is null`);
  expect(found).toEqual(Array.from({ length: 4 }, () => ({ application_name: null, logins: 2, interrupts: 1 })));
});

test('a second run begins six hours before the end of the first, and changes nothing', async () => {
  const [cursor] = await world.database.rows<{ ended: string }>(
    "select ended_at::text as ended from rollcall.runs where task = 'sso-access' order by ended_at desc",
  );
  const totals = () =>
    world.database.rows('select xmin::text, ctid::text, t::text from rollcall_data.sign_in_totals t');
  const before = await totals();
  world.emulator.clearRequests();
  const [run] = await world.sync({ ...EVERYBODY, tasks: [ssoAccess] });
  expect(run).toMatchObject({ outcome: 'complete', errorMessage: null, added: 0, changed: 0, removed: 0 });
  const [first] = windowsOf(graphPaths(world.emulator));
  expect(Math.abs(Date.parse(first!.from) - (started - 6 * HOUR))).toBeLessThan(5 * 60_000);
  expect(Date.parse(first!.from)).toBeLessThanOrEqual(Date.parse(cursor!.ended) - 6 * HOUR);
  expect(await totals()).toEqual(before);
  expect(await view()).toEqual(expected());
});

test('a full run reads the 30 days again, and counts nothing twice', async () => {
  world.emulator.clearRequests();
  const [run] = await world.sync({ ...EVERYBODY, tasks: [ssoAccess], full: true });
  expect(run).toMatchObject({ outcome: 'complete', errorMessage: null, added: 0, changed: 0, removed: 0 });
  const [first] = windowsOf(graphPaths(world.emulator));
  expect(Math.abs(Date.parse(first!.from) - (started - 30 * DAY))).toBeLessThan(5 * 60_000);
  expect(await view()).toEqual(expected());
});

describe('the views beside it', () => {
  const pairOf = (row: Record<string, unknown>) => `${String(row['application_id'])} ${String(row['user_id'])}`;
  const read = (name: string) => world.database.rows(`select * from rollcall.${name}`);
  const used = () => expected().filter((row) => !row.anonymized);
  const access = () => expectedAccess(world.tenant, EVERYBODY);
  const sorted = (rows: readonly Record<string, unknown>[]) => sortedBy(rows, (row) => [JSON.stringify(row)]);
  beforeAll(async () => {
    await world.sync({ ...EVERYBODY, tasks: [hrRoster] });
  });

  test('unused_access is access without a login in 90 days', async () => {
    const logins = new Set(used().map(pairOf));
    const rows = access().filter((row) => !logins.has(pairOf(row)));
    expect(rows.length).toBeGreaterThan(50);
    const columns = ({ user_id, application_id, application_name, email }: Record<string, unknown>) => ({ user_id, application_id, application_name, email }); // prettier-ignore
    expect(sorted((await read('unused_access')).map(columns))).toEqual(sorted(rows.map(columns)));
  });

  test('unassigned_access is logins without an assignment', async () => {
    const assigned = new Set(access().map(pairOf));
    const rows = used().filter((row) => !assigned.has(pairOf(row)));
    expect(rows.length).toBeGreaterThan(50);
    const columns = (row: Record<string, unknown>) => ({
      user_id: row['user_id'],
      application_id: row['application_id'],
      application_name: row['application_name'],
      email: row['email'],
      login_count: Number(row['login_count']),
    });
    expect(sorted((await read('unassigned_access')).map(columns))).toEqual(sorted(rows.map(columns)));
  });

  test('suspicious_access is what names nobody', async () => {
    const columns = (row: Record<string, unknown>) => ({
      user_id: row['user_id'],
      user_principal_name: row['user_principal_name'],
      application_id: row['application_id'],
      application_name: row['application_name'],
      login_count: Number(row['login_count']),
      interrupted_count: Number(row['interrupted_count']),
      failed_count: Number(row['failed_count']),
    });
    const rows = expected().filter((row) => row.anonymized);
    expect(sorted((await read('suspicious_access')).map(columns))).toEqual(sorted(rows.map(columns)));
  });

  test('sync_health is the last complete run of each task', async () => {
    const runs = await world.database.rows<{ id: string; task: string }>(
      "select id, task from rollcall.runs where outcome = 'complete' order by ended_at desc",
    );
    const last = [...new Set(runs.map(({ task }) => task))].map((task) => runs.find((run) => run.task === task)!);
    const health = await world.database.rows(
      `select run_id as id, task, age between interval '0' and interval '1 hour' as fresh from rollcall.sync_health`,
    );
    expect(last).toHaveLength(4);
    expect(sorted(health)).toEqual(sorted(last.map(({ id, task }) => ({ id, task, fresh: true }))));
  });
});

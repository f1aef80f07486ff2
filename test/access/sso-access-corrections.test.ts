import { ssoAccess } from '../../src/jobs/sso-access/index.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { applicationDiscovery } from '../../src/jobs/application-discovery/index.js';
import { expectedSignIns, SIGN_INS_SQL, signInsSince } from '../support/access-oracle.js';
import { appOf, hoursAgo, membersOf, windowsOf } from '../support/setup/access-tenant.js';
import { createWorld, graphPaths, type World } from '../support/setup/world.js';

const EVERYBODY = { includeGuests: true, domainNames: [] };
const ALL = [hrRoster, applicationDiscovery, ssoAccess];
const ZERO = '00000000-0000-0000-0000-000000000000';
let world: World;
let since: string | undefined;
let person: string;
/** An application that nobody else signs in to. */
const appId = '99999999-9999-4999-8999-999999999999';

async function open(applications: readonly string[]): Promise<void> {
  world = await createWorld();
  since = undefined;
  person = membersOf(world.tenant)[3]!;
  const model = appOf(world.tenant, 'Fieldnotes');
  for (const id of applications) {
    world.tenant.servicePrincipals.put({ ...model, id, appId: id, displayName: 'Quiet' });
  }
}
const event = (id: string, createdDateTime: string, errorCode: number, special: Record<string, unknown> = {}) => ({
  ...[...world.tenant.signIns.newestFirst()].at(-1),
  id,
  createdDateTime,
  userId: person,
  userPrincipalName: 'somebody@northwind-bikes.example',
  appId,
  appDisplayName: 'Quiet, as the sign-in says',
  status: { errorCode, failureReason: 'Other.', additionalDetails: null },
  location: { city: 'Utrecht', state: '', countryOrRegion: 'NL' },
  ...special,
});
const tell = (...events: ReturnType<typeof event>[]) => world.tenant.signIns.add(...events);
const sync = async (options: Parameters<World['sync']>[0] = {}) => {
  const runs = await world.sync({ ...EVERYBODY, tasks: ALL, ...options });
  since ??= windowsOf(graphPaths(world.emulator))[0]!.from;
  const run = runs.find(({ task }) => task === 'sso-access')!;
  expect(run).toMatchObject({ outcome: 'complete', errorMessage: null });
  return run;
};
const view = () => world.database.rows(SIGN_INS_SQL);
const quiet = async () => (await view()).filter((row) => row['application_id'] === appId);
const expected = () => expectedSignIns(world.tenant, EVERYBODY, signInsSince(world.tenant, since!));
const AT = hoursAgo(3);
const EARLIER = hoursAgo(4);

/** Of the sign-ins a (a login), b (a later one) and c (a failure at the same time): what is told later, and the rows then. */
type Correction = [string, string, string, number, Record<string, unknown>, Record<string, unknown>[]];
const CORRECTIONS: Correction[] = [
  ['a success that becomes a failure is a login no more', 'b', AT, 50126, {}, [{ login_count: 1, failed_count: 2, last_login: Date.parse(EARLIER) }]],
  ['a failure that becomes a success is a login', 'c', AT, 0, {}, [{ login_count: 3, failed_count: 0 }]],
  [
    'an older one that comes late is counted, and is not the last', 'late', hoursAgo(5), 0,
    { location: null, userPrincipalName: 'old@northwind-bikes.example' },
    [{ login_count: 3, failed_count: 1, login_location: 'Utrecht, NL', user_principal_name: 'somebody@northwind-bikes.example' }],
  ],
  [
    'one that comes to name nobody is taken from the person', 'b', AT, 0,
    { userId: ZERO, userPrincipalName: '{PII Removed}@domain.com' },
    [
      { login_count: 1, failed_count: 1, anonymized: false },
      { user_id: null, login_count: 1, failed_count: 0, anonymized: true, email: null },
    ],
  ],
  [
    'one whose name comes to be concealed stays with its id, apart', 'b', AT, 0,
    { userPrincipalName: '0123456789abcdef0123456789ABCDEF' },
    [
      { login_count: 1, failed_count: 1, anonymized: false },
      { login_count: 1, failed_count: 0, anonymized: true, email: null },
    ],
  ],
  [
    'one whose place is corrected is shown there', 'b', AT, 0,
    { location: { city: '', state: 'Oregon', countryOrRegion: 'US' } },
    [{ login_count: 2, failed_count: 1, login_location: 'Oregon, US' }],
  ],
  ['one whose moment is corrected is counted once, where it is now', 'b', hoursAgo(2), 0, {}, [{ login_count: 2, failed_count: 1 }]],
  ['a failure that becomes an interrupt is none', 'c', AT, 50_140, {}, [{ login_count: 2, interrupted_count: 1, failed_count: 0 }]],
  [
    'a login that becomes an interrupt is none, and not the last', 'b', AT, 50_074, {},
    [{ login_count: 1, interrupted_count: 1, failed_count: 1, last_login: Date.parse(EARLIER) }],
  ],
  ['a login that comes to have no code is nothing', 'b', AT, 0, { status: null }, [{ login_count: 1, interrupted_count: 0, failed_count: 1 }]],
  ['one that comes again as it was changes nothing', 'b', AT, 0, {}, [{ login_count: 2, failed_count: 1 }]],
]; // prettier-ignore

describe('corrections inside the overlap', () => {
  const appOfCase = (index: number) => `999999${String(index).padStart(2, '0')}-0000-4000-8000-999999999999`;
  const cases = CORRECTIONS.map(([name, id, at, errorCode, special, rows], index) => {
    return { name, id, at, errorCode, special, rows, app: appOfCase(index) };
  });
  const told = (app: string, id: string, at: string, errorCode: number, special = {}) =>
    tell(event(`${id} ${app}`, at, errorCode, { appId: app, ...special }));
  let before: Record<string, unknown>[];
  let after: Record<string, unknown>[];
  beforeAll(async () => {
    await open(cases.map(({ app }) => app));
    for (const { app } of cases) {
      told(app, 'a', EARLIER, 0);
      told(app, 'b', AT, 0);
      told(app, 'c', AT, 50126);
    }
    await sync();
    before = await view();
    for (const { app, id, at, errorCode, special } of cases) told(app, id, at, errorCode, special);
    await sync();
    after = await view();
  });
  afterAll(() => world.close());

  test.each(cases)('$name', ({ app, rows }) => {
    expect(before.filter((row) => row['application_id'] === app)).toEqual([
      expect.objectContaining({
        login_count: 2,
        failed_count: 1,
        last_login: Date.parse(AT),
        application_name: 'Quiet',
      }),
    ]);
    const found = after.filter((row) => row['application_id'] === app);
    expect(found).toHaveLength(rows.length);
    expect(found).toEqual(expect.arrayContaining(rows.map((row) => expect.objectContaining(row) as unknown)));
  });

  test('every cell is right, and stays so however often they are read', async () => {
    expect(after).toEqual(expected());
    await sync();
    await sync({ full: true });
    expect(await view()).toEqual(expected());
  });
});

describe('sign-ins that change', () => {
  beforeEach(() => open([appId]));
  afterEach(() => world.close());

  test('the only login that becomes a failure takes the row away, and gives it back', async () => {
    tell(event('a', AT, 0));
    await sync();
    expect(await quiet()).toHaveLength(1);
    tell(event('a', AT, 50126));
    await sync();
    expect(await quiet()).toEqual([]);
    tell(event('a', AT, 0));
    await sync();
    expect(await quiet()).toEqual([expect.objectContaining({ login_count: 1, failed_count: 0 })]);
  });

  test('a sign-in whose pseudonym is corrected moves to the row of the other, and counts once', async () => {
    const [one, other] = ['0123456789ABCDEF0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
    const anonymous = (id: string, name: string | null, errorCode = 0) =>
      event(id, AT, errorCode, { userId: ZERO, userPrincipalName: name });
    const pseudonyms = async () =>
      (await quiet()).map((row) => [row['user_principal_name'], row['login_count'], row['interrupted_count']]);
    tell(anonymous('a', one), anonymous('b', one.toLowerCase()), anonymous('c', other), anonymous('d', null, 50_140));
    await sync();
    expect(await pseudonyms()).toEqual([
      [one.toLowerCase(), 2, 0],
      [other, 1, 0],
    ]);
    tell(anonymous('b', other), anonymous('d', ' '));
    await sync();
    expect(await pseudonyms()).toEqual([
      [one, 1, 0],
      [other, 2, 0],
      [null, 1, 0],
    ]);
    tell(event('a', AT, 0));
    await sync();
    await sync({ full: true });
    expect(await pseudonyms()).toEqual([
      ['somebody@northwind-bikes.example', 1, 0],
      [other, 2, 0],
      [null, 1, 0],
    ]);
    expect(await view()).toEqual(expected());
  });

  test('a correction from before the overlap comes with a full run', async () => {
    tell(event('a', hoursAgo(24 * 9), 0), event('b', hoursAgo(24 * 8), 0));
    await sync();
    tell(event('b', hoursAgo(24 * 8), 50126));
    await sync({ full: true });
    expect(await view()).toEqual(expected());
    expect(await quiet()).toEqual([expect.objectContaining({ login_count: 1, failed_count: 1 })]);
  });

  test('two in one moment: the one that Graph lists first is the latest', async () => {
    const moment = '2026-01-01T00:00:00.1234567Z'.replace('2026-01-01', hoursAgo(30).slice(0, 10));
    tell(event('a', moment, 0, { location: null }), event('b', moment, 0, { userPrincipalName: 'B@x.example' }));
    await sync();
    expect(await view()).toEqual(expected());
    expect(await quiet()).toEqual([expect.objectContaining({ login_location: 'Utrecht, NL', login_count: 2 })]);
  });

  test('the name is that of the latest sign-in, be it a failure; place and moment are of the latest login', async () => {
    tell(
      event('a', hoursAgo(4), 0),
      event('b', AT, 50126, { userPrincipalName: 'New.Name@northwind-bikes.example', location: null }),
    );
    await sync();
    expect(await view()).toEqual(expected());
    expect(await quiet()).toEqual([
      expect.objectContaining({
        user_principal_name: 'New.Name@northwind-bikes.example',
        login_location: 'Utrecht, NL',
      }),
    ]);
  });

  test('an application that vanishes leaves the name that the sign-ins give it; a new one gives its own', async () => {
    tell(event('a', AT, 0));
    await sync();
    world.tenant.servicePrincipals.softDelete(appId);
    await sync();
    expect(await quiet()).toEqual([expect.objectContaining({ application_name: 'Quiet, as the sign-in says' })]);
    expect(await view()).toEqual(expected());
  });

  test('somebody who signs in before the roster knows the person is a row once it does', async () => {
    const newcomer = { ...world.tenant.users.get(person)!, id: '11111111-1111-4111-8111-111111111111' };
    tell(event('a', AT, 0, { userId: newcomer.id }));
    await sync();
    expect(await quiet()).toEqual([]);
    world.tenant.users.put(newcomer);
    await sync({ tasks: [hrRoster, ssoAccess] });
    expect(await quiet()).toEqual([expect.objectContaining({ user_id: newcomer.id, login_count: 1 })]);
    expect(await view()).toEqual(expected());
  });
});

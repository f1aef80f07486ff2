import { ssoAccess } from '../src/jobs/sso-access/index.js';
import { hrRoster } from '../src/jobs/hr-roster/index.js';
import { applicationDiscovery } from '../src/jobs/application-discovery/index.js';
import { DAY, expectedSignIns, SIGN_INS_SQL, signInsSince } from './support/access-oracle.js';
import { appOf, hoursAgo, membersOf, windowsOf } from './support/access-tenant.js';
import { createWorld, graphPaths, SETTINGS, type World } from './support/world.js';

const EVERYBODY = { includeGuests: true, domainNames: [] };
const ALL = [hrRoster, applicationDiscovery, ssoAccess];
const ZERO = '00000000-0000-0000-0000-000000000000';
let world: World;
let since: string;
let person: string;
/** An application that the sample's sign-ins leave alone: one that is disabled is as good as any. */
let appId: string;

beforeEach(async () => {
  world = await createWorld();
  person = membersOf(world.tenant)[3]!;
  appId = '99999999-9999-4999-8999-999999999999';
  world.tenant.servicePrincipals.put({ ...appOf(world.tenant, 'Fieldnotes'), id: appId, appId, displayName: 'Quiet' });
});
afterEach(() => world.close());

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
beforeEach(() => {
  since = undefined!;
});
const view = () => world.database.rows<Record<string, unknown>>(SIGN_INS_SQL);
const quiet = async () => (await view()).filter((row) => row['application_id'] === appId);
const expected = () => expectedSignIns(world.tenant, EVERYBODY, signInsSince(world.tenant, since));
const AT = hoursAgo(3);

test.each<[string, () => void, Record<string, unknown>[]]>([
  [
    'a success that becomes a failure is a login no more',
    () => tell(event('b', AT, 50126)),
    [{ login_count: 1, failed_count: 1, last_login: Date.parse(hoursAgo(4).slice(0, 14)) || expect.any(Number) }],
  ],
  ['a failure that becomes a success is a login', () => tell(event('c', AT, 0)), [{ login_count: 3, failed_count: 0 }]],
  [
    'an older one that comes late is counted, and is not the last',
    () => tell(event('late', hoursAgo(5), 0, { location: null, userPrincipalName: 'old@northwind-bikes.example' })),
    [
      {
        login_count: 3,
        failed_count: 1,
        login_location: 'Utrecht, NL',
        user_principal_name: 'somebody@northwind-bikes.example',
      },
    ],
  ],
  [
    'one that comes to name nobody is taken from the person',
    () => tell(event('b', AT, 0, { userId: ZERO, userPrincipalName: '{PII Removed}@domain.com' })),
    [
      { user_id: expect.any(String), login_count: 1, failed_count: 1, anonymized: false },
      { user_id: null, login_count: 1, failed_count: 0, anonymized: true, email: null },
    ],
  ],
  [
    'one whose name comes to be concealed stays with its id, apart',
    () => tell(event('b', AT, 0, { userPrincipalName: '0123456789abcdef0123456789ABCDEF' })),
    [
      { login_count: 1, failed_count: 1, anonymized: false },
      { login_count: 1, failed_count: 0, anonymized: true, email: null },
    ],
  ],
  [
    'one whose place is corrected is shown there',
    () => tell(event('b', AT, 0, { location: { city: '', state: 'Oregon', countryOrRegion: 'US' } })),
    [{ login_count: 2, failed_count: 1, login_location: 'Oregon, US' }],
  ],
  [
    'one whose moment is corrected is counted once, where it is now',
    () => tell(event('b', hoursAgo(2), 0)),
    [{ login_count: 2, failed_count: 1 }],
  ],
  [
    'one that comes again as it was changes nothing',
    () => tell(event('b', AT, 0)),
    [{ login_count: 2, failed_count: 1 }],
  ],
])('%s', async (_, correct, rows) => {
  tell(event('a', hoursAgo(4), 0), event('b', AT, 0), event('c', AT, 50126));
  await sync();
  expect(await quiet()).toEqual([
    expect.objectContaining({ login_count: 2, failed_count: 1, application_name: 'Quiet', last_login: Date.parse(AT) }),
  ]);
  correct();
  await sync();
  expect(await view()).toEqual(expected());
  expect(await quiet()).toHaveLength(rows.length);
  for (const row of rows) expect(await quiet()).toContainEqual(expect.objectContaining(row));
  await sync();
  await sync({ full: true });
  expect(await view()).toEqual(expected());
});

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

test('a correction from before the overlap comes with a full run', async () => {
  tell(event('a', hoursAgo(24 * 9), 0), event('b', hoursAgo(24 * 8), 0));
  await sync();
  tell(event('b', hoursAgo(24 * 8), 50126));
  await sync({ full: true });
  expect(await view()).toEqual(expected());
  expect(await quiet()).toEqual([expect.objectContaining({ login_count: 1, failed_count: 1 })]);
});

test('an event that moves by days is still one event', async () => {
  tell(event('a', hoursAgo(24 * 9), 0));
  await sync();
  tell(event('a', hoursAgo(24 * 2), 0));
  await sync({ full: true });
  expect(await quiet()).toEqual([expect.objectContaining({ login_count: 1 })]);
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
    expect.objectContaining({ user_principal_name: 'New.Name@northwind-bikes.example', login_location: 'Utrecht, NL' }),
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

describe('retention', () => {
  const settings = { ...SETTINGS, signInRetentionDays: 5 };
  const oldest = async () => {
    const [row] = await world.database.rows<{ at: string; days: number }>(
      `select min(created_at)::text as at,
              (select count(*)::int from pg_inherits where inhparent = 'rollcall_data.sign_in_events'::regclass) as days
       from rollcall_data.sign_in_events`,
    );
    return row!;
  };

  test('old events go, what they counted stays, and a full run does not count them again', async () => {
    tell(event('old', hoursAgo(24 * 9), 0), event('failed', hoursAgo(24 * 9), 50126));
    await sync({ settings });
    expect(await view()).toEqual(expected());
    const { at, days } = await oldest();
    expect(Date.parse(at)).toBeGreaterThan(Date.now() - 7 * DAY);
    expect(days).toBeLessThanOrEqual(7);
    await sync({ settings });
    await sync({ settings, full: true });
    expect(await view()).toEqual(expected());
    expect(await quiet()).toEqual([expect.objectContaining({ login_count: 1, failed_count: 1 })]);
    // What is new is added to what was dropped.
    tell(event('new', hoursAgo(1), 0, { location: { city: 'Osaka', state: null, countryOrRegion: 'JP' } }));
    await sync({ settings });
    await sync({ settings, full: true });
    expect(await view()).toEqual(expected());
    expect(await quiet()).toEqual([
      expect.objectContaining({ login_count: 2, failed_count: 1, login_location: 'Osaka, JP' }),
    ]);
  });

  test('a retention that is made shorter, and longer again, changes no total', async () => {
    await sync();
    const before = await view();
    await sync({ settings });
    expect(await view()).toEqual(before);
    await sync({ full: true });
    expect(await view()).toEqual(before);
    await sync({ settings: { ...SETTINGS, signInRetentionDays: 2 } });
    expect(await view()).toEqual(before);
    expect(before).toEqual(expected());
  });
});

import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { ssoAccess } from '../../src/jobs/sso-access/index.js';
import { DAY, expectedSignIns, SIGN_INS_SQL, signInsSince } from '../support/access-oracle.js';
import { hoursAgo, membersOf, windowsOf } from '../support/setup/access-tenant.js';
import { createWorld, graphPaths, SETTINGS, type World } from '../support/setup/world.js';

const EVERYBODY = { includeGuests: true, domainNames: [] };
const APP = '99999999-9999-4999-8999-999999999999';
let world: World;
let since: string;
beforeEach(async () => {
  world = await createWorld();
  since = '';
});
afterEach(() => world.close());

const sync = async (options: Parameters<World['sync']>[0] = {}) => {
  // The roster needs no applications here: names are those of the sign-ins.
  const runs = await world.sync({ ...EVERYBODY, tasks: [hrRoster, ssoAccess], ...options });
  if (since === '') since = windowsOf(graphPaths(world.emulator))[0]!.from;
  const run = runs.find(({ task }) => task === 'sso-access')!;
  expect(run).toMatchObject({ outcome: 'complete', errorMessage: null });
  return run;
};
const rows = () => world.database.rows(SIGN_INS_SQL);
/** The same but for the names of applications, which were not discovered. */
const nameless = (all: readonly Record<string, unknown>[]) => all.map((row) => ({ ...row, application_name: '' }));
const view = async () => nameless(await rows());
const expected = () => nameless(expectedSignIns(world.tenant, EVERYBODY, signInsSince(world.tenant, since)));
const quiet = async () => (await rows()).filter((row) => row['application_id'] === APP);
const tell = (id: string, createdDateTime: string, errorCode: number, city = 'Utrecht', special = {}) => {
  const { signIns } = world.tenant;
  const [model] = signIns.newestFirst();
  const userId = membersOf(world.tenant)[3]!;
  signIns.add({
    ...model!,
    id,
    createdDateTime,
    userId,
    userPrincipalName: 'somebody@northwind-bikes.example',
    appId: APP,
    appDisplayName: 'Quiet',
    status: { errorCode },
    location: { city, state: null, countryOrRegion: '' },
    ...special,
  });
};

test('old events go, what they counted stays, a full run does not count it again, and what is new is added', async () => {
  const settings = { ...SETTINGS, signInRetentionDays: 5 };
  tell('old', hoursAgo(24 * 9), 0);
  tell('failed', hoursAgo(24 * 9), 50126);
  await sync({ settings });
  expect(await view()).toEqual(expected());
  const [kept] = await world.database.rows<{ at: string; days: number }>(
    `select min(created_at)::text as at,
            (select count(*)::int from pg_inherits where inhparent = 'rollcall_data.sign_in_events'::regclass) as days
     from rollcall_data.sign_in_events`,
  );
  expect(Date.parse(kept!.at)).toBeGreaterThan(Date.now() - 7 * DAY);
  expect(kept!.days).toBeLessThanOrEqual(7);
  await sync({ settings });
  await sync({ settings, full: true });
  expect(await view()).toEqual(expected());
  expect(await quiet()).toEqual([expect.objectContaining({ login_count: 1, failed_count: 1 })]);
  tell('new', hoursAgo(1), 0, 'Osaka');
  await sync({ settings });
  await sync({ settings, full: true });
  expect(await view()).toEqual(expected());
  expect(await quiet()).toEqual([
    expect.objectContaining({ login_count: 2, failed_count: 1, login_location: 'Osaka' }),
  ]);
});

test('old events go to the archive under their pseudonym, and interrupts stay interrupts there', async () => {
  const settings = { ...SETTINGS, signInRetentionDays: 5 };
  const concealed = (userPrincipalName: string | null) => ({ userId: '', userPrincipalName });
  const [one, other] = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
  const NINE_DAYS = hoursAgo(24 * 9);
  tell('one', NINE_DAYS, 0, 'Oslo', concealed(one.toUpperCase()));
  tell('two', NINE_DAYS, 0, 'Oslo', concealed(other));
  tell('prompt', NINE_DAYS, 50_074, 'Oslo', concealed(other));
  tell('none', NINE_DAYS, 0, 'Oslo', concealed(null));
  tell('own prompt', NINE_DAYS, 50_140);
  tell('own', NINE_DAYS, 0);
  await sync({ settings });
  tell('new', hoursAgo(1), 0, 'Osaka', concealed(one));
  await sync({ settings });
  await sync({ settings, full: true });
  expect(await view()).toEqual(expected());
  const counted = (await quiet()).map((row) => [
    row['user_principal_name'],
    row['login_count'],
    row['interrupted_count'],
  ]);
  expect(counted).toEqual([
    ['somebody@northwind-bikes.example', 1, 1],
    [one, 2, 0],
    [other, 1, 1],
    [null, 1, 0],
  ]);
});

test('a retention that is made shorter, longer and shorter again changes no total', async () => {
  await sync();
  const before = await view();
  expect(before).toEqual(expected());
  for (const signInRetentionDays of [9, 90, 2]) {
    await sync({ settings: { ...SETTINGS, signInRetentionDays } });
    expect(await view()).toEqual(before);
    await sync({ full: true });
    expect(await view()).toEqual(before);
  }
});

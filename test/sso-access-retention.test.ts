import { hrRoster } from '../src/jobs/hr-roster/index.js';
import { ssoAccess } from '../src/jobs/sso-access/index.js';
import { DAY, expectedSignIns, SIGN_INS_SQL, signInsSince } from './support/access-oracle.js';
import { hoursAgo, membersOf, windowsOf } from './support/access-tenant.js';
import { createWorld, graphPaths, SETTINGS, type World } from './support/world.js';

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
const tell = (id: string, createdDateTime: string, errorCode: number, city = 'Utrecht') => {
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

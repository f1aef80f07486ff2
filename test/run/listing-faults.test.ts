// Beside the faults of test/faults, which are played against the program: what takes hands in the tenant or in staging.
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import type { Fault, FaultAction } from '../../src/emulator/index.js';
import { createWorld, tenantOf, type World } from '../support/setup/world.js';

/** Four pages: a first, two in the middle, a last. */
const PEOPLE = 3500;
let world: World;
/** In full: it is the listing that the faults strike. */
const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], full: true, ...options });
const roster = () =>
  world.database.rows<{ hash: string }>('select md5(r::text) as hash from rollcall_data.users r order by user_id');
const people = async () =>
  Number((await world.database.rows<{ n: string }>('select count(*) as n from rollcall.hr_roster'))[0]!.n);
const strike = (action: FaultAction, fault: Omit<Fault, 'action'> = {}) =>
  world.emulator.faults.add({ path: '/v1.0/users?', ...fault, action });

beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE) });
});
afterEach(() => world.close());

test('a missing permission is named', async () => {
  for (const application of world.tenant.applications.values()) application.roles = [];
  const [run] = await sync();
  expect(run).toMatchObject({
    outcome: 'failed',
    errorCode: 'graph_forbidden',
    errorMessage: expect.stringContaining('User.Read.All'),
  });
});

/** A Graph that does not count, such as that of a B2C tenant. */
const refuseCount = () =>
  strike({ kind: 'reply', status: 400, body: {} }, { path: '/v1.0/users/$count', times: 'always' });

test('an empty first page removes nobody: Graph shows those it did not list, and the run is partial', async () => {
  refuseCount();
  await sync();
  const before = await roster();
  strike({ kind: 'reply', status: 200, body: { value: [] } });
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'partial', items: 0, removed: 0, doubts: [expect.any(String)] });
  expect(await roster()).toEqual(before);
});

test('an empty first page removes nobody from a tenant of three either', async () => {
  await world.close();
  world = await createWorld({ tenant: tenantOf(3) });
  refuseCount();
  await sync({ includeGuests: true });
  strike({ kind: 'reply', status: 200, body: { value: [] } });
  await expect(sync({ includeGuests: true })).resolves.toMatchObject([{ outcome: 'partial' }]);
  expect(await people()).toBe(3);
});

test('a failed run keeps what it has read until the next one', async () => {
  strike({ kind: 'reply', status: 403, body: {} }, { nth: 3, times: 'always' });
  await sync();
  const staged = () =>
    world.database.rows(
      "select from pg_class where relnamespace = 'rollcall_staging'::regnamespace and relname like 'users_%'",
    );
  expect(await staged()).toHaveLength(1);
  world.emulator.faults.clear();
  await sync();
  expect(await staged()).toHaveLength(0);
});

import { sampleTenant, type TenantData } from '../../src/emulator/index.js';
import { membersOf } from '../support/setup/access-tenant.js';
import { createProcessWorld, type ProcessWorld } from '../support/setup/process-world.js';
import { runHere } from '../support/rollcall.js';
import { fingerprint } from '../support/tenant-rows.js';

let tenant: TenantData;
let world: ProcessWorld;
beforeEach(async () => {
  tenant = sampleTenant();
  world = await createProcessWorld(tenant);
});
afterEach(() => world.close());

const rollcall = (...args: string[]) => runHere(args, world.environment);
const json = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

/** Every row of every table; what was exchanged with Graph, and who told us to, is on record all the same. */
const everything = () => fingerprint(world.database, { except: ['access_log', 'operator_actions'] });
/** Tables of staging that belong to one run have its id in their names. */
const staged = () =>
  world.database.rows(
    `select relname from pg_class where relnamespace = 'rollcall_staging'::regnamespace and relkind = 'r'
       and length(relname) > 36`,
  );

test('of a tenant that was never read, a dry run says what would happen, passes over what builds on others, and writes nothing', async () => {
  const before = await everything();
  const { code, out, err } = await rollcall('sync', '--dry-run', '--json');
  expect({ code, err }).toEqual({
    code: 0,
    err: expect.stringMatching(/^Not in the dry run: sso-roster builds on [^\n]+\n$/),
  });
  const said = json(out);
  expect(said.map(({ task }) => task)).toEqual(['hr-roster', 'application-discovery', 'sso-access']);
  for (const run of said) expect(run).toMatchObject({ dry_run: true, would_end: 'complete', removed: 0 });
  expect(Number(said[0]!['added'])).toBeGreaterThan(300);
  expect(await everything()).toEqual(before);
  expect(await world.database.rows('select from rollcall_staging.checkpoints')).toEqual([]);
  expect(await staged()).toEqual([]);
});

test('a dry run of one task that cannot build on others is refused', async () => {
  expect(await rollcall('sync', 'sso-roster', '--dry-run')).toMatchObject({ code: 1, out: '' });
});

test('of a tenant that has changed, a dry run of every task tells each difference and changes no table', async () => {
  expect(await rollcall('sync')).toMatchObject({ code: 0 });
  const [leaver, mover] = membersOf(tenant);
  tenant.users.softDelete(leaver!);
  tenant.users.put({ ...tenant.users.get(mover!)!, department: 'Elsewhere' });
  const [application] = tenant.servicePrincipals.places(-1, 1).map((place) => tenant.servicePrincipals.at(place));
  tenant.servicePrincipals.put({ ...application!, displayName: 'Another name' });
  const [latest] = tenant.signIns.newestFirst();
  tenant.signIns.add({ ...latest!, id: 'new', createdDateTime: new Date().toISOString() });
  const before = await everything();
  const { code, out } = await rollcall('sync', '--dry-run', '--json');
  expect(code).toBe(0);
  const said = json(out);
  expect(said.map(({ task }) => task)).toEqual(['hr-roster', 'application-discovery', 'sso-roster', 'sso-access']);
  expect(said[0]).toMatchObject({ changed: 1, removed: 1 });
  expect(said[1]).toMatchObject({ changed: 1 });
  expect(said[3]).toMatchObject({ added: 1 });
  expect(await everything()).toEqual(before);
  expect(await staged()).toEqual([]);
  // What a dry run has shown is still to come.
  const [landed] = json((await rollcall('sync', 'sso-access', '--json')).out);
  expect(landed).toMatchObject({ task: 'sso-access', added: 1 });
});

test('a dry run of everything looks at the sign-ins that a full run would read', async () => {
  expect(await rollcall('sync')).toMatchObject({ code: 0 });
  const [latest] = tenant.signIns.newestFirst();
  const createdDateTime = new Date(Date.now() - 20 * 24 * 60 * 60 * 1000).toISOString();
  tenant.signIns.add({ ...latest!, id: 'late', createdDateTime });
  const added = async (...flags: string[]) =>
    json((await rollcall('sync', 'sso-access', '--dry-run', '--json', ...flags)).out)[0]!['added'];
  expect(await added()).toBe(0);
  expect(await added('--full')).toBe(1);
});

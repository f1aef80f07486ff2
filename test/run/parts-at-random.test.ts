// Whatever subset of properties Graph tells on whichever page: the tables equal those of an undisturbed full read.
import { applicationDiscovery } from '../../src/jobs/application-discovery/index.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import type { TenantData } from '../../src/emulator/index.js';
import { idsOf, strikeOf } from '../support/absence.js';
import { createWorld, tenantOf, usersOf, type World } from '../support/setup/world.js';
import { expectedRoster, ROSTER_SQL } from '../support/roster-oracle.js';

const SEEDS = [1, 2, 3, 4, 5, 6];
const EVERYBODY = { includeGuests: true, domainNames: [] };

let world: World;
afterEach(() => world.close());
const strike = strikeOf(() => world);

/** Numbers from 0 to 1, the same for the same seed. @see https://github.com/cprosche/mulberry32 */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Leaves properties out of some objects of some pages. */
function inParts(random: () => number): (page: unknown) => unknown {
  return (page) => {
    const { value, ...rest } = page as { value: Record<string, unknown>[] };
    if (random() < 0.3) return page;
    const share = random();
    const part = (item: Record<string, unknown>) =>
      random() < 0.4 || '@removed' in item
        ? item
        : Object.fromEntries(Object.entries(item).filter(([name]) => name === 'id' || random() < share));
    return { ...rest, value: value.map(part) };
  };
}

/** What an administrator may do to one object: of a property that is told, so that something of it shows. */
function change({ users, servicePrincipals }: TenantData, random: () => number) {
  for (const id of idsOf(users)) {
    const dice = random();
    if (dice < 0.1) users.update(id, { displayName: `Name ${random()}`, department: null });
    else if (dice < 0.15) users.update(id, { displayName: `Name ${random()}`, mail: `m${random()}@big.example` });
    else if (dice < 0.17) users.softDelete(id);
    else if (dice < 0.18) users.hardDelete(id);
  }
  for (const id of idsOf(servicePrincipals)) {
    if (random() < 0.3)
      servicePrincipals.update(id, { displayName: `Name ${random()}`, appRoleAssignmentRequired: false });
  }
}

const TASKS = [hrRoster, applicationDiscovery];
const sync = (full = false) => world.sync({ ...EVERYBODY, tasks: TASKS, full });
const everything = async () => [
  await world.database.rows(ROSTER_SQL),
  await world.database
    .rows(`select application_id, application_name, app_instance_id, open_access, publisher, oauth2_integration,
    sso_mode, account_enabled from rollcall.discovered_applications order by app_instance_id`),
];

/** The tables are as a full read without faults leaves them, which finds nothing to do. */
async function expectRight() {
  const found = await everything();
  world.emulator.faults.clear();
  const runs = await sync(true);
  expect(runs.map(({ outcome, added, changed, removed }) => [outcome, added, changed, removed])).toEqual(
    TASKS.map(() => ['complete', 0, 0, 0]),
  );
  expect(await everything()).toEqual(found);
  expect(found[0]).toEqual(expectedRoster(usersOf(world.tenant), EVERYBODY));
}

test.each(SEEDS)('of changes (seed %i)', async (seed) => {
  const random = numbers(seed);
  world = await createWorld({ tenant: tenantOf(500) });
  await sync();
  for (let night = 0; night < 3; night += 1) {
    change(world.tenant, random);
    strike(/\/delta\?/, { kind: 'edit', edit: inParts(random) }, { times: 'always' });
    expect((await sync()).map(({ outcome }) => outcome)).toEqual(['complete', 'complete']);
    world.emulator.faults.clear();
  }
  await expectRight();
});

test.each(SEEDS)('of listings, first and later (seed %i)', async (seed) => {
  const random = numbers(seed);
  world = await createWorld({ tenant: tenantOf(500), largestPage: 60 });
  const LISTINGS = /^\/v1\.0\/(users|servicePrincipals)\?/;
  strike(LISTINGS, { kind: 'edit', edit: inParts(random) }, { times: 'always' });
  expect((await sync()).map(({ outcome }) => outcome)).toEqual(['complete', 'complete']);
  change(world.tenant, random);
  expect((await sync(true)).map(({ outcome }) => outcome)).toEqual(['complete', 'complete']);
  await expectRight();
});

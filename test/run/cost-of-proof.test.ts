// What proof costs: a full read a few requests, a night without parts nothing.
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { idsOf, strikeOf } from '../support/absence.js';
import { createWorld, tenantOf, type World } from '../support/setup/world.js';

const PEOPLE = 20_000;
const EVERYBODY = { includeGuests: true, domainNames: [] };

let world: World;
afterAll(() => world.close());
const sync = async () => (await world.sync({ ...EVERYBODY, tasks: [hrRoster] }))[0]!;

test('a full read takes a request a thousand people and twelve at most; a night with one in a hundred changed a twentieth of it', async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE) });
  const full = await sync();
  expect(full).toMatchObject({ outcome: 'complete', added: PEOPLE });
  expect(full.requests).toBeLessThanOrEqual(Math.ceil(PEOPLE / 999) + 12);
  const changed = idsOf(world.tenant.users).filter((_, index) => index % 100 === 0);
  for (const id of changed) world.tenant.users.update(id, { department: 'Merged' });
  const night = await sync();
  expect(night).toMatchObject({ outcome: 'complete', changed: changed.length });
  expect(night.requests).toBeLessThanOrEqual(full.requests / 20);

  for (const id of changed) world.tenant.users.update(id, { department: 'Parted' });
  strikeOf(() => world)('/v1.0/users/delta', { kind: 'tell-part', properties: [] }, { times: 'always' });
  const parts = await sync();
  expect(parts).toMatchObject({ outcome: 'complete', changed: changed.length });
  expect(parts.requests).toBeLessThanOrEqual(night.requests + changed.length / 20);
});

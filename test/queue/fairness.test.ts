import { fixedTenants } from '../../src/jobs/worker/served-tenants.js';
import { tenantNumber } from '../support/setup/tenants.js';
import { createWorld, type World } from '../support/setup/world.js';

const worlds: World[] = [];
beforeEach(async () => {
  for (const number of [1, 2, 3, 4]) worlds.push(await createWorld({ tenant: tenantNumber(number).data }));
});
afterEach(async () => {
  for (const world of worlds.splice(0).reverse()) await world.close();
});

test('three tenants whose Graph never answers do not hold back a fourth, in one worker', async () => {
  const [first, ...others] = worlds;
  const slow = others.reverse();
  // Together their tasks would take more slots than a worker has.
  for (const { emulator } of slow)
    emulator.faults.add({ path: '/v1.0/', times: 'always', action: { kind: 'delay', ms: 3_600_000 } });
  const filters = { includeGuests: true, includeAgents: false, domainNames: [] };
  const tenants = [...slow, first!].map(({ tenant, graph }) => ({ tenantId: tenant.tenantId, graph, filters }));
  const stop = new AbortController();
  const { tenantId } = first!.tenant;
  const runs = await first!.sync({
    tenants: fixedTenants(tenants),
    tenantIds: tenants.map((tenant) => tenant.tenantId),
    signal: stop.signal,
    onProgress(progress) {
      const mine = progress.filter(({ run }) => run.tenantId === tenantId);
      if (mine.every(({ run }) => run.endedAt !== null)) stop.abort();
    },
  });
  const outcomes = (ofFirst: boolean) =>
    new Set(runs.filter((run) => (run.tenantId === tenantId) === ofFirst).map(({ outcome }) => outcome));
  expect(outcomes(true)).toEqual(new Set(['complete']));
  expect(outcomes(false)).toEqual(new Set(['running']));
});

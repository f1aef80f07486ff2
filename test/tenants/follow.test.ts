import type { GraphClient } from '../../src/graph/index.js';
import type { ConfiguredTenant } from '../../src/jobs/worker/served-tenants.js';
import { createAccessLog } from '../../src/store/index.js';
import { followTenants } from '../../src/tenants/follow.js';
import { createTestDatabase, embedded, silent, type TestDatabase } from '../support/servers/database.js';
import { until } from '../support/until.js';

const tenantId = '11111111-1111-4111-8111-111111111111';
const BEFORE: ConfiguredTenant = {
  tenantId,
  name: 'contoso',
  registered: true,
  enabled: true,
  filters: { includeGuests: false, includeAgents: false, domainNames: [] },
  schedule: { nightly: '0 2 * * *', 'sign-ins': 'off', timeZone: 'UTC' },
  access: { clientId: tenantId, credential: 'secret', secretRef: 'env:SECRET', passwordRef: null, cloud: null },
};
/** Only handed on, never used. */
const graph = {} as GraphClient;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());

async function followed() {
  let configured = BEFORE;
  const opened: ConfiguredTenant[] = [];
  const accessLog = createAccessLog({ asker: 'worker', retentionDays: 7, log: silent });
  const tenants = followTenants({
    database,
    accessLog,
    log: silent,
    readConfigured: () => Promise.resolve([configured]),
    open: (tenant) => {
      opened.push(tenant);
      return Promise.resolve({ graph, close: () => Promise.resolve() });
    },
  });
  await tenants.settle();
  expect(tenants.list()).toEqual([{ tenantId, graph, filters: BEFORE.filters }]);
  return {
    tenants,
    opened,
    change(changed: Partial<ConfiguredTenant>) {
      configured = { ...BEFORE, ...changed };
      return tenants.settle();
    },
    async [Symbol.asyncDispose]() {
      await tenants.close();
      await accessLog.close();
    },
  };
}

test.each<[string, Partial<ConfiguredTenant>]>([
  ['filters', { filters: { ...BEFORE.filters, includeGuests: true } }],
  ['way to log in', { access: { ...BEFORE.access, cloud: 'china' } }],
])('a tenant whose %s changed is no longer served as it was, and opened with the new settings', async (_, changed) => {
  await using world = await followed();
  const { tenants, opened } = world;
  await world.change(changed);
  expect(tenants.list()).toEqual([]);
  await until(async () => {
    await tenants.settle();
    return tenants.list().length > 0;
  });
  expect(opened).toEqual([BEFORE, { ...BEFORE, ...changed }]);
  expect(tenants.list()).toMatchObject([{ filters: changed.filters ?? BEFORE.filters }]);
});

test.each<[string, Partial<ConfiguredTenant>]>([
  ['name', { name: 'fabrikam' }],
  ['schedule', { schedule: { ...BEFORE.schedule, nightly: 'off' } }],
])('a tenant whose %s changed has it at once and is not opened again', async (_, changed) => {
  await using world = await followed();
  await world.change(changed);
  expect(world.tenants.served()).toEqual([{ ...BEFORE, ...changed }]);
  expect(world.opened).toEqual([BEFORE]);
});

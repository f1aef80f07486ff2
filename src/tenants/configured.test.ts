import { randomUUID } from 'node:crypto';
import { createTestDatabase, embedded, type TestDatabase } from '../../test/support/servers/database.js';
import { readConfig } from '../settings/config.js';
import { tenantSchema } from '../settings/tenant.js';
import { saveTenants, setEnabled, startRemoval } from '../store/index.js';
import { chooseTenants, configuredTenants } from './configured.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query('truncate rollcall_data.tenants'));

const [own, other] = [randomUUID(), randomUUID()];
const config = readConfig({
  AZURE_TENANT_ID: own,
  AZURE_CLIENT_ID: 'of-the-environment',
  AZURE_CLIENT_SECRET: 'x',
  INCLUDE_GUESTS: 'yes',
  SCHEDULE_NIGHTLY: '1 1 * * *',
  SCHEDULE_SSO_ACCESS: '2 2 * * *',
  SCHEDULE_TIME_ZONE: 'Europe/Oslo',
});
const register = (tenantId: string, name: string, special: object = {}) =>
  saveTenants(database, [
    tenantSchema.parse({ tenant_id: tenantId, name, credential: 'managed-identity', client_id: name, ...special }),
  ]);
const configured = () => configuredTenants(config, database);

test('of a tenant that the environment and the database name the database says everything', async () => {
  expect(await configured()).toMatchObject([{ tenantId: own, registered: false, enabled: true }]);
  await register(own, 'mine');
  await register(other, 'other');
  await setEnabled(database, { tenantId: own }, false);
  const filters = { includeGuests: false, includeAgents: false, domainNames: [] };
  expect(await configured()).toMatchObject([
    { tenantId: own, name: 'mine', registered: true, enabled: false, filters, access: { clientId: 'mine' } },
    { tenantId: other, name: 'other', registered: true, enabled: true },
  ]);
});

test('a registered tenant has the schedule that it names, and else that of the environment', async () => {
  await register(own, 'mine', { schedule_nightly: 'off' });
  await register(other, 'other', { schedule_sso_access: '3 3 * * *', schedule_time_zone: 'Asia/Tokyo' });
  expect((await configured()).map(({ schedule }) => schedule)).toEqual([
    { nightly: 'off', 'sign-ins': '2 2 * * *', timeZone: 'Europe/Oslo' },
    { nightly: '1 1 * * *', 'sign-ins': '3 3 * * *', timeZone: 'Asia/Tokyo' },
  ]);
});

test('tenants are chosen by name, by id in any case, or as all that are enabled', async () => {
  await register(other, 'other');
  const chosen = async (nameOrId?: string) =>
    chooseTenants(await configured(), nameOrId).map(({ tenantId }) => tenantId);
  expect(await chosen()).toEqual([own, other]);
  expect(await chosen('other')).toEqual([other]);
  expect(await chosen(own.toUpperCase())).toEqual([own]);
  await expect(chosen('another')).rejects.toMatchObject({ code: 'not_found' });
  await startRemoval(database, other);
  expect(await chosen()).toEqual([own]);
  await expect(chosen('other')).rejects.toMatchObject({ code: 'tenant_refused' });
  await register(own, 'mine', { disabled: true });
  await expect(chosen()).rejects.toMatchObject({ code: 'tenant_refused' });
  expect(() => chooseTenants([], undefined)).toThrow('No tenant is configured');
});

import { CLOUD_NAMES, CLOUDS, type CloudName } from '../settings/clouds.js';
import { readConfig } from '../settings/config.js';
import { fromDatabase, fromEnvironment } from '../tenants/configured.js';
import { tenantToCheck } from './tenants-to-check.js';

const id = '1b0c3d52-8f3e-4f37-9c61-0d5a7e8f9a10';
const config = readConfig({
  AZURE_CLOUD: 'usgov',
  AZURE_TENANT_ID: id,
  AZURE_CLIENT_ID: id,
  AZURE_CLIENT_SECRET: 'emulator-only',
});

const registered = (cloud: CloudName | null) =>
  fromDatabase(
    {
      tenantId: id,
      name: 'contoso',
      clientId: id,
      credential: 'secret',
      secretRef: 'env:SECRET',
      passwordRef: null,
      role: null,
      cloud,
      includeGuests: false,
      includeAgents: false,
      domainNames: [],
      scheduleNightly: null,
      scheduleSsoAccess: null,
      scheduleTimeZone: null,
      disabledAt: null,
      removingAt: null,
    },
    config,
  );

test.each(CLOUD_NAMES)(
  'a tenant that is registered in the cloud %s is checked there, whatever the environment says',
  (name) => {
    expect(tenantToCheck(config, registered(name)).endpoints).toMatchObject(CLOUDS[name]);
  },
);

test('a tenant of the environment, or one that is registered without a cloud, is checked where the environment says', () => {
  expect(tenantToCheck(config, fromEnvironment(config)[0]!).endpoints).toMatchObject(CLOUDS.usgov);
  expect(tenantToCheck(config, registered(null)).endpoints).toMatchObject(CLOUDS.usgov);
});

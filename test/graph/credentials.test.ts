import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_CLIENT_ID, SAMPLE_TENANT_ID, type Emulator, type TenantData } from '../../src/emulator/index.js';
import { createClientCertificate } from '../support/client-certificate.js';
import { createConnectProxy } from '../support/servers/connect-proxy.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { createIdentityProvider } from '../support/servers/identity-provider.js';
import { run, settingsFor } from '../support/rollcall.js';
import { refuseSecretsIn } from '../support/secrets.js';

let emulator: Emulator;
let tenant: TenantData;
let database: TestDatabase;
let folder: string;
let settings: Awaited<ReturnType<typeof settingsFor>>;

beforeAll(async () => {
  emulator = await startTestEmulator({ azureMachine: true });
  tenant = emulator.tenants.get(SAMPLE_TENANT_ID)!;
  database = await createTestDatabase(embedded());
  folder = await mkdtemp(join(tmpdir(), 'rollcall-credentials-'));
  settings = await settingsFor(emulator, tenant);
});
afterAll(async () => {
  await settings.remove();
  await rm(folder, { recursive: true, force: true });
  await database.drop();
  await emulator.close();
});

/** The settings of a machine without a secret, logging all there is. */
function environment(own: Readonly<Record<string, string>>): Record<string, string> {
  const { AZURE_CLIENT_SECRET: _, ...others } = settings.environment;
  return { ...others, DATABASE_URL: database.url, LOG_LEVEL: 'trace', ...own };
}

const sync = (own: Readonly<Record<string, string>>) => run(['sync', 'hr-roster', '--full'], environment(own));

const application = () => tenant.applications.get(SAMPLE_CLIENT_ID)!;

const DAYS = (count: number) => new Date(Date.now() + count * 86_400_000);

test('a run with a certificate, by way of a proxy, leaves no secret, and warns of the end of the certificate', async () => {
  const certificate = await createClientCertificate({ notAfterDate: DAYS(20) });
  application().certificates = [certificate.cert];
  const path = join(folder, 'certificate.pem');
  await writeFile(path, certificate.pem);
  const proxy = await createConnectProxy();
  try {
    const own = { AZURE_CLIENT_CERTIFICATE_PATH: path, https_proxy: proxy.url };
    const { code, out, err } = await sync(own);
    expect([code, out]).toEqual([0, expect.stringContaining('complete')]);
    expect(err).toContain('"credential":"certificate"');
    expect(err).toContain('the certificate is about to expire');
    expect(proxy.tunnels).toContain(new URL(emulator.url).host);
    expect(out + err).not.toMatch(/PRIVATE KEY/);

    const status = await run(['status'], environment(own));
    expect([status.code, status.out]).toEqual([0, expect.stringMatching(/Warning: The certificate of .* in 20 days/)]);
    await rm(path);
    const gone = await run(['status'], environment(own));
    expect([gone.code, gone.out]).toEqual([0, expect.stringContaining('cannot be read (ENOENT)')]);
  } finally {
    await proxy.close();
  }
});

test('a run with the token of an identity provider, and one with a managed identity, say so in the log', async () => {
  const provider = await createIdentityProvider();
  try {
    application().federatedCredentials = [provider.trust];
    await provider.renew();
    const federated = await sync({ AZURE_FEDERATED_TOKEN_FILE: provider.tokenFile });
    expect([federated.code, federated.err]).toEqual([0, expect.stringContaining('"credential":"federated"')]);
  } finally {
    await provider.close();
  }
  application().managedIdentity = 'system';
  const managed = await sync({
    AZURE_CLIENT_ID: '',
    AZURE_CREDENTIAL: 'managed-identity',
    AZURE_POD_IDENTITY_AUTHORITY_HOST: emulator.metadataUrl!,
  });
  expect([managed.code, managed.err]).toEqual([0, expect.stringContaining('"credential":"managed-identity"')]);
});

test('a credential that cannot be used ends the start with its reason, as wrong settings do', async () => {
  const { code, err } = await sync({ AZURE_CLIENT_CERTIFICATE_PATH: join(folder, 'nowhere.pfx') });
  expect(code).toBe(2);
  expect(err).toMatch(/The certificate .*nowhere\.pfx cannot be read \(ENOENT\)\n {2}What to do: /);
});

test('no table knows a secret', () => refuseSecretsIn(database.pool));

import {
  IDENTITY_HEADER,
  SAMPLE_CLIENT_ID,
  SAMPLE_CLIENT_SECRET,
  SAMPLE_SECRET_ID,
  SAMPLE_TENANT_ID,
  type Application,
  type Emulator,
} from '../../../src/emulator/index.js';
import { createGraphClient, type GraphClient, type GraphClientOptions } from '../../../src/graph/client.js';
import type { Credential, IdentityService } from '../../../src/graph/login/credential.js';
import { createClientCertificate, type ClientCertificate } from '../client-certificate.js';
import { startTestEmulator } from '../servers/emulator.js';
import { createIdentityProvider, type IdentityProvider } from '../servers/identity-provider.js';
import { refuseSecrets } from '../secrets.js';

/** The client ids of a machine's identities: its own, one that is assigned to it, and one that may be. */
export const OWN = '5a3b1e00-0000-4000-8000-0000000000b1';
export const ASSIGNED = '5a3b1e00-0000-4000-8000-0000000000b2';
export const SECOND = '5a3b1e00-0000-4000-8000-0000000000b3';
/** Of nothing. */
export const NOBODY = '11111111-2222-4333-8444-555555555555';

type Overrides = Readonly<
  Partial<Record<'tenantId' | 'clientId' | 'clientSecret' | 'certificate' | 'tokenFile', string>>
>;

/** An emulated machine of Azure, and the sample's application, which knows every way to log in. */
export interface LoginStage {
  readonly emulator: Emulator;
  readonly application: Application;
  readonly certificate: ClientCertificate;
  readonly provider: IdentityProvider;
  newClient(credential: Credential, options?: Partial<GraphClientOptions>): GraphClient;
  secret(overrides?: Overrides): Credential;
  certified(overrides?: Overrides): Credential;
  federated(overrides?: Overrides): Credential;
  managed(clientId?: string, tenantId?: string): Credential;
  appService(): IdentityService;
  /** Assigns an identity to the machine. */
  assign(clientId: string, kind: 'system' | 'user'): void;
  unassign(clientId: string): void;
  /** Everything as it was. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function createLoginStage(): Promise<LoginStage> {
  const emulator = await startTestEmulator({ azureMachine: true });
  const { applications } = emulator.tenants.get(SAMPLE_TENANT_ID)!;
  const application = applications.get(SAMPLE_CLIENT_ID)!;
  const certificate = await createClientCertificate();
  const provider = await createIdentityProvider();
  const who = { tenantId: SAMPLE_TENANT_ID, clientId: SAMPLE_CLIENT_ID };
  const clients: GraphClient[] = [];
  const stage: LoginStage = {
    emulator,
    application,
    certificate,
    provider,
    newClient(credential, options = {}) {
      const client = createGraphClient({
        credential,
        authorityHost: emulator.url,
        graphBaseUrl: emulator.url,
        certificateAuthority: emulator.certificate,
        identityService: { kind: 'metadata', host: emulator.metadataUrl! },
        onLogin: (exchange) => refuseSecrets(JSON.stringify(exchange), 'the access log'),
        login: { minTimeout: 1, retries: 2 },
        ...options,
      });
      clients.push(client);
      return client;
    },
    secret: (overrides) => ({ ...who, kind: 'secret', clientSecret: SAMPLE_CLIENT_SECRET, ...overrides }),
    certified: (overrides) => ({ ...who, kind: 'certificate', certificate: certificate.pem, ...overrides }),
    federated: (overrides) => ({ ...who, kind: 'federated', tokenFile: provider.tokenFile, ...overrides }),
    managed: (clientId = '', tenantId = SAMPLE_TENANT_ID) => ({ kind: 'managed-identity', tenantId, clientId }),
    appService: () => ({
      kind: 'app-service',
      endpoint: `${emulator.metadataUrl}/msi/token`,
      header: IDENTITY_HEADER,
    }),
    assign(clientId, managedIdentity) {
      applications.set(clientId, { clientId, enabled: true, secrets: [], roles: ['User.Read.All'], managedIdentity });
    },
    unassign: (clientId) => void applications.delete(clientId),
    async reset() {
      for (const client of clients.splice(0)) await client.close();
      emulator.faults.clear();
      emulator.clearRequests();
      Object.assign(application, {
        enabled: true,
        secrets: [{ id: SAMPLE_SECRET_ID, value: SAMPLE_CLIENT_SECRET }],
        certificates: [certificate.cert],
        federatedCredentials: [provider.trust],
      });
      stage.assign(OWN, 'system');
      stage.assign(ASSIGNED, 'user');
      stage.unassign(SECOND);
      await provider.renew();
    },
    async close() {
      for (const client of clients.splice(0)) await client.close();
      await provider.close();
      await emulator.close();
    },
  };
  await stage.reset();
  return stage;
}

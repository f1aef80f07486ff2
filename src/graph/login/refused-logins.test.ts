import { createClientCertificate } from '../../../test/support/client-certificate.js';
import { createIdentityProvider, type IdentityProvider } from '../../../test/support/servers/identity-provider.js';
import {
  ASSIGNED,
  createLoginStage,
  NOBODY,
  OWN,
  SECOND,
  type LoginStage,
} from '../../../test/support/setup/login-stage.js';
import { refuseSecrets } from '../../../test/support/secrets.js';
import { SAMPLE_CLIENT_SECRET, SAMPLE_SECRET_ID, SAMPLE_TENANT_ID } from '../../emulator/index.js';
import type { GraphClient } from '../client.js';
import type { Credential, IdentityService } from './credential.js';

let stage: LoginStage;
beforeAll(async () => {
  stage = await createLoginStage();
});
beforeEach(() => stage.reset());
afterAll(() => stage.close());

describe('who does not is told what is wrong and what to do, without a secret', () => {
  const soon = () => new Date(Date.now() - 3_600_000);
  type Case = readonly [what: string, credential: () => Credential | Promise<Credential>, says: RegExp, advice: RegExp];
  test.each<Case>([
    [
      'a wrong secret',
      () => stage.secret({ clientSecret: 'emulator-only~wrong' }),
      /secret is wrong \(AADSTS7000215\)/,
      /secret's id/,
    ],
    [
      "the secret's id",
      () => stage.secret({ clientSecret: SAMPLE_SECRET_ID }),
      /AADSTS7000215/,
      /secret's id, which stands beside/,
    ],
    [
      'a secret that has expired',
      () => {
        stage.application.secrets = [{ id: 'x', value: SAMPLE_CLIENT_SECRET, expires: soon().toISOString() }];
        return stage.secret();
      },
      /has expired \(AADSTS7000222\)/,
      /Create a new client secret/,
    ],
    [
      'an unknown application',
      () => stage.secret({ clientId: NOBODY }),
      /does not exist in this tenant \(AADSTS700016\)/,
      /AZURE_CLIENT_ID/,
    ],
    [
      'an unknown application with a certificate',
      () => stage.certified({ clientId: NOBODY }),
      /AADSTS700016/,
      /consent/,
    ],
    [
      'an unknown tenant',
      () => stage.secret({ tenantId: NOBODY }),
      /tenant does not exist in this cloud \(AADSTS90002\)/,
      /AZURE_TENANT_ID.*AZURE_CLOUD/,
    ],
    [
      'a disabled application',
      () => {
        stage.application.enabled = false;
        return stage.certified();
      },
      /disabled \(AADSTS7000112\)/,
      /Enable sign-in/,
    ],
    [
      'a certificate that is not registered',
      async () => stage.certified({ certificate: (await createClientCertificate()).pem }),
      /not registered on the application.*\(AADSTS700027\)/,
      /Upload the certificate.*thumbprints/,
    ],
    [
      'a certificate that has expired',
      async () => {
        const old = await createClientCertificate({ notAfterDate: soon() });
        stage.application.certificates = [old.cert];
        return stage.certified({ certificate: old.pem });
      },
      /AADSTS700027/,
      /AZURE_CLIENT_CERTIFICATE_PATH/,
    ],
    [
      'a certificate without its key',
      () => stage.certified({ certificate: stage.certificate.cert }),
      /holds no private key/,
      /AZURE_CLIENT_CERTIFICATE_PATH/,
    ],
    [
      'a token of another issuer',
      () => presenting({ issuer: 'https://issuer.example/cluster' }),
      /issuer \(AADSTS700211\)/,
      /to the letter/,
    ],
    [
      'a token about another subject',
      () => presenting({ subject: 'system:serviceaccount:rollcall:Worker' }),
      /subject \(AADSTS700213\)/,
      /upper and lower case/,
    ],
    [
      'a token for another audience',
      () => presenting({ audience: 'api://other' }),
      /audience \(AADSTS700212\)/,
      /AzureADTokenExchange/,
    ],
    [
      'a token that has expired',
      () => presenting({ expires: soon() }),
      /not valid at this time \(AADSTS700024\)/,
      /AZURE_FEDERATED_TOKEN_FILE.*expired/,
    ],
    [
      'a token signed with a key that its issuer does not publish',
      async () => {
        const stranger = await createIdentityProvider();
        await stranger.renew();
        // The file may go: what counts is what it held.
        const { readFile } = await import('node:fs/promises');
        await stage.provider.write(await readFile(stranger.tokenFile, 'utf8'));
        await stranger.close();
        return stage.federated();
      },
      /key that signed.*\(AADSTS7000272\)/,
      /publishes its keys/,
    ],
    [
      'a token file that is not there',
      () => stage.federated({ tokenFile: '/nowhere/token' }),
      /\/nowhere\/token cannot be read \(ENOENT\)/,
      /AZURE_FEDERATED_TOKEN_FILE/,
    ],
    [
      'a token file that is empty',
      async () => {
        await stage.provider.write(' \n');
        return stage.federated();
      },
      /is empty/,
      /AZURE_FEDERATED_TOKEN_FILE/,
    ],
    [
      'a token file with something else in it',
      async () => {
        await stage.provider.write('emulator-only, and no token');
        return stage.federated();
      },
      /holds no token/,
      /AZURE_FEDERATED_TOKEN_FILE/,
    ],
    [
      'an identity that is not assigned',
      () => stage.managed(NOBODY),
      new RegExp(`no managed identity with the client id ${NOBODY}`),
      /AZURE_CLIENT_ID/,
    ],
    [
      'a machine without an identity',
      () => {
        stage.unassign(OWN);
        stage.unassign(ASSIGNED);
        return stage.managed();
      },
      /no managed identity of its own/,
      /Switch its system-assigned identity on/,
    ],
    [
      'a machine with several assigned identities and none named',
      () => {
        stage.unassign(OWN);
        stage.assign(SECOND, 'user');
        return stage.managed();
      },
      /several identities are assigned/,
      /AZURE_CLIENT_ID/,
    ],
    [
      'an identity of another tenant than the settings say',
      () => stage.managed('', NOBODY),
      new RegExp(`is of the tenant ${SAMPLE_TENANT_ID}; expected ${NOBODY}`),
      /AZURE_TENANT_ID/,
    ],
  ])('%s', async (_, credential, says, advice) => {
    await refusal(stage.newClient(await credential()), says, advice);
  });

  test('an App Service that does not know our header', async () => {
    const identityService = { ...stage.appService(), header: 'emulator-only~guessed' } as IdentityService;
    await refusal(
      stage.newClient(stage.managed(), { identityService }),
      /did not accept our request \(403\)/,
      /IDENTITY_HEADER/,
    );
  });

  test('an App Service that has not the identity', async () => {
    const client = stage.newClient(stage.managed(NOBODY), { identityService: stage.appService() });
    await refusal(client, /no managed identity with the client id/, /AZURE_CLIENT_ID/);
  });

  test.each([
    ['a secret', () => stage.secret()],
    ["a virtual machine's identity", () => stage.managed()],
  ])('an audience that nobody knows, by %s', async (_, credential) => {
    const client = stage.newClient(credential(), { graphAudience: 'https://graph.other.example' });
    await refusal(client, /Graph is not known in this tenant.*\(AADSTS500011\)/, /GRAPH_AUDIENCE.*AZURE_CLOUD/);
  });

  test.each([
    [7000229, /no service principal in this tenant/, /az ad sp create/],
    [900023, /neither an id nor a domain name/, /AZURE_TENANT_ID/],
    [53003, /Conditional Access/, /Workload identities/],
    [7002138, /no token about this subject \(AADSTS7002138\)/, /to the letter/],
    [123456, /it answered invalid_request \(AADSTS123456\)/, /error\?code=123456/],
  ])('AADSTS%d', async (code, says, advice) => {
    stage.emulator.faults.add({ path: /oauth2\/v2\.0\/token/, action: { kind: 'login-error', code } });
    await refusal(stage.newClient(stage.secret()), says, advice);
  });

  async function presenting(claims: Parameters<IdentityProvider['renew']>[0]): Promise<Credential> {
    await stage.provider.renew(claims);
    return stage.federated();
  }

  async function refusal(client: GraphClient, says: RegExp, advice: RegExp): Promise<void> {
    const error: unknown = await client.signIn().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(login_refused|credential_invalid)$/),
      message: expect.stringMatching(says),
      advice: expect.stringMatching(advice),
    });
    const { message, stack = '', cause } = error as Error;
    refuseSecrets([message, stack, JSON.stringify(error), String(cause)].join('\n'), 'an error');
    expect(message + stack + JSON.stringify(error)).not.toMatch(/PRIVATE KEY/);
    // What is refused is not asked for again.
    expect(stage.emulator.requests.length).toBeLessThanOrEqual(1);
  }
});

import { ASSIGNED, createLoginStage, OWN, type LoginStage } from '../../../test/support/setup/login-stage.js';
import { refuseSecrets, silent } from '../../../test/support/secrets.js';
import { SAMPLE_CLIENT_ID, SAMPLE_TENANT_ID } from '../../emulator/index.js';
import type { Credential, IdentityService } from './credential.js';

let stage: LoginStage;
beforeAll(async () => {
  stage = await createLoginStage();
});
beforeEach(() => stage.reset());
afterAll(() => stage.close());

describe('who proves what it is gets a token that opens Graph', () => {
  test.each<[string, () => Credential, string, (() => IdentityService) | undefined]>([
    ['a secret', () => stage.secret(), SAMPLE_CLIENT_ID, undefined],
    ['a certificate', () => stage.certified(), SAMPLE_CLIENT_ID, undefined],
    ['the token of an identity provider', () => stage.federated(), SAMPLE_CLIENT_ID, undefined],
    ["a virtual machine's own identity", () => stage.managed(), OWN, undefined],
    ['an identity assigned to a virtual machine', () => stage.managed(ASSIGNED), ASSIGNED, undefined],
    ["an App Service's own identity", () => stage.managed(), OWN, () => stage.appService()],
    ['an identity assigned to an App Service', () => stage.managed(ASSIGNED), ASSIGNED, () => stage.appService()],
  ])('%s', async (_, credential, appId, service) => {
    const client = stage.newClient(credential(), service === undefined ? {} : { identityService: service() });
    const facts = await client.tokenFacts();
    expect(facts).toMatchObject({ kind: credential().kind, appId, tenantId: SAMPLE_TENANT_ID });
    expect(facts.roles).toContain('User.Read.All');
    expect(Math.abs(facts.expiresAt.getTime() - Date.now() - 3_599_000)).toBeLessThan(30_000);
    refuseSecrets(JSON.stringify(facts), 'the facts of a token');
    const page = await client.reader(reading).get('/users?$top=1&$select=id');
    expect(page).toMatchObject({ value: [{ id: expect.any(String) }] });
  });

  test('the only identity assigned to a virtual machine needs no name', async () => {
    stage.unassign(OWN);
    expect(await stage.newClient(stage.managed()).tokenFacts()).toMatchObject({ appId: ASSIGNED });
  });

  test('a token file is read again for each login, because it changes', async () => {
    const client = stage.newClient(stage.federated());
    await stage.provider.renew({ subject: 'somebody else' });
    await expect(client.signIn()).rejects.toMatchObject({ code: 'login_refused' });
    await stage.provider.renew();
    await expect(client.signIn()).resolves.toBeUndefined();
  });
});

test('a metadata service that is not ready yet is asked again', async () => {
  stage.emulator.faults.add({ path: '/metadata/identity', times: 2, action: { kind: 'reply', status: 410, body: {} } });
  await expect(stage.newClient(stage.managed()).signIn()).resolves.toBeUndefined();
  expect(stage.emulator.requests).toHaveLength(3);
});

test('a machine without a metadata service says where it looked', async () => {
  const client = stage.newClient(stage.managed(), {
    identityService: { kind: 'metadata', host: 'http://127.0.0.1:9' },
  });
  await expect(client.signIn()).rejects.toMatchObject({
    code: 'login_unreachable',
    message: expect.stringMatching(/the managed identity service at 127\.0\.0\.1:9: .*ECONNREFUSED/),
  });
});

const reading = {
  log: silent,
  signal: new AbortController().signal,
  permissions: [],
  onCost: () => {},
  onExchange: () => {},
};

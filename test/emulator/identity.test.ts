import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { Emulator } from '../../src/emulator/emulator.js';
import { IDENTITY_HEADER } from '../../src/emulator/identity/app-service.js';
import { SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { createTestClient, type TestClient } from './client.js';

const OWN = '5a3b1e00-0000-4000-8000-0000000000b1';
const ASSIGNED = '5a3b1e00-0000-4000-8000-0000000000b2';
const SECOND = '5a3b1e00-0000-4000-8000-0000000000b3';
const RESOURCE = 'resource=https://graph.microsoft.com';
const IMDS = `/metadata/identity/oauth2/token?api-version=2018-02-01&${RESOURCE}`;
const APP_SERVICE = `/msi/token?api-version=2019-08-01&${RESOURCE}`;
const METADATA = { metadata: 'true' };

let emulator: Emulator;
let client: TestClient;
beforeAll(async () => {
  emulator = await startTestEmulator({ azureMachine: true });
  client = createTestClient(emulator);
});
beforeEach(() => assign({ [OWN]: 'system', [ASSIGNED]: 'user' }));
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

function assign(identities: Readonly<Record<string, 'system' | 'user'>>): void {
  const { applications } = emulator.tenants.get(SAMPLE_TENANT_ID)!;
  for (const id of [OWN, ASSIGNED, SECOND]) applications.delete(id);
  for (const [clientId, managedIdentity] of Object.entries(identities)) {
    applications.set(clientId, { clientId, enabled: true, secrets: [], roles: ['User.Read.All'], managedIdentity });
  }
}

const ask = (path: string, headers: Readonly<Record<string, string>>) =>
  client.send(`${emulator.metadataUrl}${path}`, { headers });

const appIdOf = (json: Record<string, unknown>) => decodeJwt(String(json['access_token']))['appid'];

describe('the metadata service of a virtual machine', () => {
  test('gives a token, with every number as text', async () => {
    const { status, json } = await ask(IMDS, METADATA);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      token_type: 'Bearer',
      client_id: OWN,
      expires_in: '3599',
      expires_on: expect.stringMatching(/^\d{10}$/),
      not_before: expect.stringMatching(/^\d{10}$/),
      resource: 'https://graph.microsoft.com',
    });
    expect(appIdOf(json)).toBe(OWN);
    const { status: opened } = await client.graph('/v1.0/users?$top=1', {
      headers: { authorization: `Bearer ${String(json['access_token'])}` },
    });
    expect(opened).toBe(200);
  });

  test('of the identity that is named, or else its own, or else the only one', async () => {
    expect(appIdOf((await ask(`${IMDS}&client_id=${ASSIGNED}`, METADATA)).json)).toBe(ASSIGNED);
    assign({ [ASSIGNED]: 'user' });
    expect(appIdOf((await ask(IMDS, METADATA)).json)).toBe(ASSIGNED);
    assign({ [ASSIGNED]: 'user', [SECOND]: 'user' });
    expect((await ask(IMDS, METADATA)).json['error_description']).toMatch(/^Multiple user assigned identities exist/);
    assign({});
    expect((await ask(IMDS, METADATA)).json).toEqual({
      error: 'invalid_request',
      error_description: 'Identity not found',
    });
  });

  test.each<[string, string, Readonly<Record<string, string>>, RegExp]>([
    ['without its header', IMDS, {}, /Required metadata header not specified/],
    ['that was handed on', IMDS, { ...METADATA, 'x-forwarded-for': '10.0.0.1' }, /X-Forwarded-For/],
    ['of no version', '/metadata/identity/oauth2/token', METADATA, /api-version/],
    ['for another resource', IMDS.replace('graph.microsoft.com', 'other.example'), METADATA, /AADSTS500011/],
  ])('refuses a request %s', async (_, path, headers, says) => {
    const { status, json } = await ask(path, headers);
    expect(status).toBe(400);
    expect(json['error_description']).toMatch(says);
  });
});

describe('the token service of App Service', () => {
  const HEADER = { 'x-identity-header': IDENTITY_HEADER };

  test('gives a token that says when it ends, and not how long it lives', async () => {
    const { status, json } = await ask(APP_SERVICE, HEADER);
    expect(status).toBe(200);
    expect(json).toMatchObject({ client_id: OWN, expires_on: expect.stringMatching(/^\d{10}$/), token_type: 'Bearer' });
    expect(json).not.toHaveProperty('expires_in');
    expect(appIdOf((await ask(`${APP_SERVICE}&client_id=${ASSIGNED}`, HEADER)).json)).toBe(ASSIGNED);
  });

  test('refuses who does not know its header, and never chooses among assigned identities', async () => {
    expect((await ask(APP_SERVICE, { 'x-identity-header': 'guessed' })).status).toBe(403);
    expect((await ask(APP_SERVICE.replace('2019-08-01', '2017-01-01'), HEADER)).status).toBe(400);
    assign({ [ASSIGNED]: 'user' });
    const { status, json } = await ask(APP_SERVICE, HEADER);
    expect([status, json['statusCode']]).toEqual([400, 400]);
    expect(json['message']).toContain('No User Assigned or Delegated Managed Identity found');
  });
});

test("the machine's services are not on the internet, and Graph is not on the machine", async () => {
  expect((await client.send(IMDS, { headers: METADATA })).status).not.toBe(200);
  expect((await ask('/v1.0/users', {})).status).toBe(404);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.js';
import {
  SAMPLE_CLIENT_ID,
  SAMPLE_CLIENT_SECRET,
  SAMPLE_ROLES,
  SAMPLE_SECRET_ID,
  SAMPLE_TENANT_ID,
} from '../../src/emulator/sample/constants.js';
import { createTestClient, LOGIN, type TestClient } from './client.js';

let emulator: Emulator;
let client: TestClient;
let now = Date.parse('2026-03-01T12:00:00Z');

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now });
  client = createTestClient(emulator);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

test('good credentials earn a token that says who may do what until when', async () => {
  const { status, json } = await client.login();
  expect(status).toBe(200);
  expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 });
  expect(decodeJwt(String(json['access_token']))).toMatchObject({
    aud: 'https://graph.microsoft.com',
    appid: SAMPLE_CLIENT_ID,
    tid: SAMPLE_TENANT_ID,
    roles: [...SAMPLE_ROLES],
    exp: now / 1000 + 3599,
    iat: now / 1000 - 300,
    nbf: now / 1000 - 300,
  });
});

test('the secret may come in a Basic header, the tenant as a domain, the scope with the own host', async () => {
  const basic = Buffer.from(`${SAMPLE_CLIENT_ID}:${encodeURIComponent(SAMPLE_CLIENT_SECRET)}`).toString('base64');
  const { status } = await client.send('/Northwind-Bikes.example/oauth2/v2.0/token', {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: `grant_type=client_credentials&scope=${encodeURIComponent(`${emulator.url}/.default`)}`,
  });
  expect(status).toBe(200);
});

describe('what is wrong is said with the number that Entra gives it', () => {
  const other = '11111111-2222-3333-4444-555555555555';
  test.each([
    ['an unknown application', { client_id: other }, 400, 700016, 'unauthorized_client'],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 7000215, 'invalid_client'],
    ['the id of the secret', { client_secret: SAMPLE_SECRET_ID }, 401, 7000215, 'invalid_client'],
    ['no secret', { client_secret: '' }, 401, 7000218, 'invalid_client'],
    [
      'a scope that names permissions',
      { scope: 'https://graph.microsoft.com/User.Read.All' },
      400,
      70011,
      'invalid_scope',
    ],
    ['a scope of another resource', { scope: 'https://other.example/.default' }, 400, 500011, 'invalid_resource'],
    ['another grant', { grant_type: 'password' }, 400, 70003, 'unsupported_grant_type'],
  ])('%s', async (_, wrong, status, code, error) => {
    const seen = await client.login({ ...LOGIN, ...wrong });
    expect(seen.status).toBe(status);
    expect(seen.json).toMatchObject({ error, error_codes: [code] });
    expect(seen.json['error_description']).toMatch(
      new RegExp(
        `^AADSTS${code}: [^]+\\r\\nTrace ID: .+\\r\\nCorrelation ID: .+\\r\\nTimestamp: 2026-03-01 12:00:00Z$`,
      ),
    );
  });

  test('an unknown tenant, for the token and for the discovery', async () => {
    const token = await client.login(LOGIN, other);
    const discovery = await client.send(`/${other}/v2.0/.well-known/openid-configuration`);
    expect([token.status, token.json['error_codes']]).toEqual([400, [90002]]);
    expect([discovery.status, discovery.json['error_codes']]).toEqual([400, [90002]]);
  });

  test('an expired secret and a disabled application', async () => {
    const application = emulator.tenants.get(SAMPLE_TENANT_ID)!.applications.get(SAMPLE_CLIENT_ID)!;
    const { secrets } = application;
    application.secrets = [{ id: SAMPLE_SECRET_ID, value: 'old', expires: '2026-02-28T00:00:00Z' }, ...secrets];
    expect((await client.login({ ...LOGIN, client_secret: 'old' })).json['error_codes']).toEqual([7000222]);
    expect((await client.login()).status).toBe(200);
    application.enabled = false;
    expect((await client.login()).json['error_codes']).toEqual([7000112]);
    Object.assign(application, { secrets, enabled: true });
  });
});

test('discovery names the endpoints of this host and the key that signs', async () => {
  const { json } = await client.send(`/${SAMPLE_TENANT_ID}/v2.0/.well-known/openid-configuration`);
  const { host } = new URL(emulator.url);
  expect(json).toMatchObject({
    issuer: `${emulator.url}/${SAMPLE_TENANT_ID}/v2.0`,
    token_endpoint: `${emulator.url}/${SAMPLE_TENANT_ID}/oauth2/v2.0/token`,
    msgraph_host: host,
    cloud_instance_name: host,
  });
  const keys = await client.send(String(json['jwks_uri']));
  expect(keys.json['keys']).toMatchObject([{ kty: 'RSA', use: 'sig', kid: 'emulator' }]);
  const instance = await client.send(
    `/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(`${emulator.url}/${SAMPLE_TENANT_ID}/oauth2/v2.0/authorize`)}`,
  );
  expect(instance.json['metadata']).toEqual([{ preferred_network: host, preferred_cache: host, aliases: [host] }]);
});

describe('Graph lets in only who has a good token', () => {
  test.each([
    ['no header', undefined, 'Access token is empty.'],
    ['an empty token', 'Bearer ', 'Access token is empty.'],
    ['garbage', 'Bearer garbage', 'IDX14100'],
    ['a forged token', `Bearer ${['eyJhbGciOiJSUzI1NiJ9', 'e30', 'c2ln'].join('.')}`, 'Invalid signature'],
  ])('%s', async (_, authorization, message) => {
    const { status, json, headers } = await client.send(
      '/v1.0/users',
      authorization === undefined ? {} : { headers: { authorization } },
    );
    expect(status).toBe(401);
    expect(json['error']).toMatchObject({
      code: 'InvalidAuthenticationToken',
      message: expect.stringContaining(message),
    });
    expect(headers['www-authenticate']).toContain('Bearer');
  });

  test('an expired token', async () => {
    expect((await client.graph('/v1.0/users?$top=1')).status).toBe(200);
    now += 3600_000;
    const { status, json } = await client.graph('/v1.0/users?$top=1');
    expect(status).toBe(401);
    expect(json['error']).toMatchObject({ message: 'Lifetime validation failed, the token is expired.' });
  });
});

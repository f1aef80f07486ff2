import { randomUUID, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { exportSPKI, generateKeyPair, importPKCS8, SignJWT, type CryptoKey } from 'jose';
import type { Emulator } from '../../src/emulator/emulator.js';
import { SAMPLE_CLIENT_ID, SAMPLE_TENANT_ID } from '../../src/emulator/sample/constants.js';
import type { Application } from '../../src/emulator/tenant/tenant-data.js';
import { createClientCertificate, type ClientCertificate } from '../support/client-certificate.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { createTestClient, type TestClient } from './client.js';

const now = Date.parse('2026-03-01T12:00:00Z');
const seconds = Math.floor(now / 1000);
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let emulator: Emulator;
let client: TestClient;
let application: Application;
let own: ClientCertificate;
let key: CryptoKey;

beforeAll(async () => {
  emulator = await startTestEmulator({ clock: () => now });
  client = createTestClient(emulator);
  application = emulator.tenants.get(SAMPLE_TENANT_ID)!.applications.get(SAMPLE_CLIENT_ID)!;
  own = await createClientCertificate({ notAfterDate: new Date('2026-06-01T00:00:00Z') });
  key = await importPKCS8(own.key, 'PS256');
});
beforeEach(() => {
  application.certificates = [own.cert];
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await emulator.close();
});

const login = async (assertion: string, type = TYPE) => {
  const { status, json } = await client.login({
    grant_type: 'client_credentials',
    client_id: SAMPLE_CLIENT_ID,
    scope: 'https://graph.microsoft.com/.default',
    client_assertion: assertion,
    client_assertion_type: type,
  });
  return { status, error: json['error'], codes: json['error_codes'], says: String(json['error_description']) };
};

const thumbprint = (cert: string) =>
  Buffer.from(new X509Certificate(cert).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

const GOOD = () => ({
  aud: `${emulator.url}/${SAMPLE_TENANT_ID}/oauth2/v2.0/token`,
  iss: SAMPLE_CLIENT_ID,
  sub: SAMPLE_CLIENT_ID,
  jti: randomUUID(),
  nbf: seconds,
  exp: seconds + 600,
});

const sign = (claims: object = {}, header: object = {}, signer = key) =>
  new SignJWT({ ...GOOD(), ...claims })
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint(own.cert), ...header })
    .sign(signer);

test('an assertion that the application signed with a registered certificate is good', async () => {
  await expect(login(await sign())).resolves.toMatchObject({ status: 200 });
});

test('clocks may differ by five minutes', async () => {
  await expect(login(await sign({ nbf: seconds + 299 }))).resolves.toMatchObject({ status: 200 });
  await expect(login(await sign({ exp: seconds - 299 }))).resolves.toMatchObject({ status: 200 });
});

describe('what is wrong with an assertion is said with the number that Entra gives it', () => {
  test.each<[string, () => Promise<string>, number, string]>([
    [
      'another audience',
      () => sign({ aud: 'https://login.microsoftonline.com/x/oauth2/v2.0/token' }),
      700023,
      'audience',
    ],
    ['another application as subject', () => sign({ sub: randomUUID() }), 700021, 'client_id'],
    ['out of time', () => sign({ nbf: seconds - 1300, exp: seconds - 700 }), 700024, 'valid time range'],
    ['not valid yet', () => sign({ nbf: seconds + 700 }), 700024, 'valid time range'],
    ['without an end', () => sign({ exp: undefined }), 50027, 'exp'],
    ['without an id', () => sign({ jti: undefined }), 50027, 'jti'],
    ['without a thumbprint', () => sign({}, { 'x5t#S256': undefined }), 50027, 'No certificate thumbprint'],
    ['the thumbprint of another certificate', () => sign({}, { 'x5t#S256': 'AAAA' }), 700027, 'The key was not found'],
    ['no assertion at all', async () => 'nonsense', 50027, 'malformed'],
  ])('%s', async (_, assertion, code, says) => {
    const seen = await login(await assertion());
    expect(seen).toMatchObject({ status: code === 50027 ? 400 : 401, codes: [code] });
    expect(seen.says).toContain(says);
  });

  test('signed with another key than that of the certificate it names', async () => {
    const { privateKey } = await generateKeyPair('PS256');
    const seen = await login(await sign({}, {}, privateKey));
    expect(seen).toMatchObject({ status: 401, error: 'invalid_client', codes: [700027] });
    expect(seen.says).toContain('did not match the expected signature value');
  });

  test('signed in another way than Entra recommends', async () => {
    const rs256 = await importPKCS8(own.key, 'RS256');
    await expect(login(await sign({}, { alg: 'RS256' }, rs256))).resolves.toMatchObject({ codes: [50027] });
  });

  test('signed with a certificate that has expired', async () => {
    const old = await createClientCertificate({ notAfterDate: new Date('2026-02-28T00:00:00Z') });
    application.certificates = [own.cert, old.cert];
    const assertion = sign({}, { 'x5t#S256': thumbprint(old.cert) }, await importPKCS8(old.key, 'PS256'));
    const seen = await login(await assertion);
    expect(seen.codes).toEqual([700027]);
    expect(seen.says).toContain('The key used is expired');
  });

  test('of another type', async () => {
    await expect(login(await sign(), 'urn:other')).resolves.toMatchObject({ codes: [900144] });
  });
});

test('a token of an issuer, subject and audience that the application trusts is good, each to the letter', async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const trust = { issuer: 'https://issuer.example', subject: 'worker', audience: 'api://AzureADTokenExchange' };
  application.federatedCredentials = [{ ...trust, publicKey: await exportSPKI(publicKey) }];
  const token = (claims: object, signer = privateKey) =>
    new SignJWT({ iss: trust.issuer, sub: trust.subject, aud: trust.audience, exp: seconds + 600, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(signer);
  const codes = async (assertion: Promise<string>) => (await login(await assertion)).codes;
  await expect(login(await token({}))).resolves.toMatchObject({ status: 200 });
  await expect(codes(token({ iss: 'https://issuer.example/' }))).resolves.toEqual([700211]);
  await expect(codes(token({ sub: 'Worker' }))).resolves.toEqual([700213]);
  await expect(codes(token({ aud: 'api://other' }))).resolves.toEqual([700212]);
  await expect(codes(token({ exp: seconds - 700 }))).resolves.toEqual([700024]);
  await expect(codes(token({}, (await generateKeyPair('RS256')).privateKey))).resolves.toEqual([7000272]);
});

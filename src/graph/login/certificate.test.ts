import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClientCertificate, type ClientCertificate } from '../../../test/support/client-certificate.js';
import { certificateExpiry, readCertificate, signingKeyOf } from './certificate.js';
import { certificateWarning } from './certificate-warning.js';
import type { Credential } from './credential.js';

const PASSWORD = 'opens-the-test-file';
// Written by OpenSSL: one certificate of its own authority, in the ciphers of today and in those of older Windows.
const pfx = (name: string) => fileURLToPath(new URL(`../../../test/support/pfx/${name}.pfx`, import.meta.url));
const THUMBPRINT = 'A63D0FEB6E56D23D99ABA7F3CF8276D64162C191F2F468E03D2EFE558B997A24';

let folder: string;
let own: ClientCertificate;
let other: ClientCertificate;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-certificate-'));
  [own, other] = await Promise.all([createClientCertificate(), createClientCertificate()]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function file(text: string | Buffer): Promise<string> {
  const path = join(folder, `${++count}.pem`);
  await writeFile(path, text);
  return path;
}

const encrypted = (key: string): string =>
  String(createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSWORD }));

const pkcs1 = (key: string): string => String(createPrivateKey(key).export({ type: 'pkcs1', format: 'pem' }));

const thumbprintOf = (pem: string) => new X509Certificate(pem).fingerprint256.replaceAll(':', '');

test.each<[string, () => string, string | undefined]>([
  ['certificate and key', () => own.cert + own.key, undefined],
  ['the key before the certificate', () => own.key + own.cert, undefined],
  ['a chain in which the own certificate is not the first', () => other.cert + own.cert + own.key, undefined],
  ['an encrypted key', () => own.cert + encrypted(own.key), PASSWORD],
  ['a key in the older form (PKCS #1)', () => own.cert + pkcs1(own.key), undefined],
  ['text between the blocks, and a password that nothing needs', () => `Bag\n${own.pem}\nend`, 'unused'],
])('a PEM with %s is read', async (_, content, password) => {
  const certificate = await readCertificate(await file(content()), password);
  expect(signingKeyOf({ certificate }).thumbprint).toBe(thumbprintOf(own.cert));
});

test.each([
  ['modern', PASSWORD],
  ['old', PASSWORD],
  ['no-password', undefined],
])('the PFX %s is read, and of its certificates the one that the key belongs to', async (name, password) => {
  const certificate = await readCertificate(pfx(name), password);
  expect(signingKeyOf({ certificate })).toMatchObject({
    thumbprint: THUMBPRINT,
    notAfter: new Date('2126-10-28T15:47:43Z'),
  });
});

test.each<[string, () => Promise<string>, string | undefined, RegExp]>([
  ['a file that is not there', async () => join(folder, 'nowhere'), undefined, /cannot be read \(ENOENT\)/],
  ['a PFX with a wrong password', async () => pfx('modern'), 'wrong', /The password does not open .*modern\.pfx/],
  ['a PFX without its password', async () => pfx('old'), undefined, /The password does not open .*old\.pfx/],
  ['a PFX without a key', async () => pfx('no-key'), PASSWORD, /holds no private key/],
  ['a PFX with an elliptic key', async () => pfx('elliptic'), PASSWORD, /expected a PFX with an RSA certificate/],
  ['neither PEM nor PFX', () => file('hello'), undefined, /neither PEM nor a PFX/],
  ['a certificate alone', () => file(own.cert), undefined, /holds no private key/],
  ['a key alone', () => file(own.key), undefined, /holds no certificate that its private key belongs to/],
  [
    'a certificate of another key',
    () => file(other.cert + own.key),
    undefined,
    /holds no certificate that its private/,
  ],
  ['an encrypted key without a password', () => file(own.cert + encrypted(own.key)), undefined, /is encrypted, and no/],
  [
    'an encrypted key with a wrong one',
    () => file(own.cert + encrypted(own.key)),
    'wrong',
    /password does not open the/,
  ],
  [
    'a short key',
    async () => file((await createClientCertificate({ keySize: 1024 })).pem),
    undefined,
    /a key of 1024 bits; at least 2048/,
  ],
  [
    'an elliptic key',
    async () => file((await createClientCertificate({ keyType: 'ec' })).pem),
    undefined,
    /type ec; Entra accepts RSA only/,
  ],
])('%s is refused in words, without the key or the password', async (_, path, password, message) => {
  const error: unknown = await readCertificate(await path(), password).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'credential_invalid', message: expect.stringMatching(message) });
  expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/PRIVATE KEY-----|opens-the-test-file|MII/);
});

describe('a certificate that is about to expire', () => {
  const DAY_MS = 86_400_000;
  const credentialOf = ({ pem }: ClientCertificate): Credential => ({
    kind: 'certificate',
    tenantId: 'the-tenant',
    clientId: 'the-application',
    certificate: pem,
  });

  test('is told of from thirty days ahead, and afterwards', async () => {
    const notAfterDate = new Date('2040-06-30T12:00:00Z');
    const credential = credentialOf(await createClientCertificate({ notAfterDate }));
    expect(certificateExpiry(credential)).toEqual(notAfterDate);
    const warn = (days: number) => certificateWarning(credential, notAfterDate.getTime() - days * DAY_MS);
    expect(warn(31)).toBeUndefined();
    expect(warn(30)).toContain('the-application in tenant the-tenant expires on 2040-06-30, in 30 days.');
    expect(warn(-1)).toContain('has expired on 2040-06-30');
  });

  test('is a matter of certificates only', () => {
    const credential: Credential = { kind: 'secret', tenantId: 't', clientId: 'c', clientSecret: 's' };
    expect(certificateExpiry(credential)).toBeUndefined();
    expect(certificateWarning(credential)).toBeUndefined();
  });
});

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createLog } from '../src/log.js';
import { createClientCertificate } from './support/client-certificate.js';
import { createTestDatabase, embedded, type TestDatabase } from './support/servers/database.js';
import { createIdentityProvider } from './support/servers/identity-provider.js';
import { learnSecrets, refuseSecrets, refuseSecretsIn, silent } from './support/secrets.js';

const random = () => randomBytes(12).toString('hex');

/** Something of each kind, as it would be written if it were. */
const SECRETS: Readonly<Record<string, () => string | Promise<string>>> = {
  'the secret of an application': () => 'emulator-only~of-somebody',
  'a header with a token': () => `authorization: Bearer ${random()}`,
  'what a proxy is told': () => `Basic ${Buffer.from(`user:${random()}`).toString('base64')}`,
  'the token of an identity provider': async () => {
    const provider = await createIdentityProvider();
    await provider.renew();
    const token = await readFile(provider.tokenFile, 'utf8');
    await provider.close();
    return token;
  },
  'a private key': async () => (await createClientCertificate()).key,
  'an encrypted private key': () => '-----BEGIN ENCRYPTED PRIVATE KEY-----',
  'the address of a database': () => `postgres://rollcall:${random()}@db.example:5432/rollcall`,
  'the address of a Redis': () => `rediss://:${random()}@redis.example`,
  'the address of a proxy': () => `http://user:${random()}@proxy.example:8080`,
  'the password of the database of these tests': () => new URL(embedded().url).password,
  ...Object.fromEntries(
    ['AZURE_CLIENT_SECRET', 'SECRET_OF_CONTOSO', 'AZURE_CLIENT_CERTIFICATE_PASSWORD', 'IDENTITY_HEADER'].map((name) => [
      `the value of ${name}`,
      () => {
        const value = random();
        learnSecrets({ [name]: value });
        return value;
      },
    ]),
  ),
  'the password in DATABASE_URL alone': () => {
    const password = random();
    learnSecrets({ DATABASE_URL: `postgres://u:${password}@db.example/r` });
    return password;
  },
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());

test.each(Object.keys(SECRETS))('%s is found in an output, a log, a job and a table', async (kind) => {
  const secret = await SECRETS[kind]!();
  expect(() => refuseSecrets(`before ${secret} after`, 'an output')).toThrow('a secret or a token is in an output');
  expect(() => silent.trace({ deep: { down: [secret] } }, 'a line')).toThrow('a secret or a token is in a log line');
  expect(() => silent.info(`a line with ${secret}`)).toThrow('a secret or a token is in a log line');
  const tenantId = '11111111-1111-4111-8111-111111111111';
  await database.pool.query(
    `insert into rollcall_data.quarantine (tenant_id, task, resource, run_id, reason, item, quarantined_at)
     values ($1, 'hr-roster', '/users', $1, 'none', $2, now())`,
    [tenantId, JSON.stringify({ nested: `before ${secret} after` })],
  );
  await expect(refuseSecretsIn(database.pool)).rejects.toThrow('a secret or a token is in rollcall_data.quarantine');
  await database.pool.query('delete from rollcall_data.quarantine');
});

test.each([
  'https://graph.microsoft.com/v1.0/users?$select=id',
  'https://user@proxy.example',
  'Add it: redis://:password@redis.example',
  'smtp:somebody@contoso.com',
  '2026-11-25T20:40:56.000Z somebody@contoso.com',
  'BEGIN CERTIFICATE',
])('%s is no secret', (text) => {
  expect(() => refuseSecrets(text, 'an output')).not.toThrow();
});

describe('the log of the product', () => {
  const NAMES = [
    'authorization',
    'clientSecret',
    'client_secret',
    'clientAssertion',
    'client_assertion',
    'accessToken',
    'access_token',
    'certificate',
    'privateKey',
    'password',
  ];
  const lineOf = (fields: object) => {
    let written = '';
    const log = createLog('trace', { write: (line) => (written += line) });
    log.child({ task: 'hr-roster' }).trace(fields, 'a line');
    return written;
  };

  test.each(NAMES)('cuts out what is called %s, as deep as two levels, and keeps what is beside it', (name) => {
    const value = random();
    const lines = [{ [name]: value }, { one: { [name]: value } }, { one: { two: { [name]: value } } }];
    for (const fields of lines) {
      const line = lineOf({ ...fields, beside: 'kept' });
      expect(line).not.toContain(value);
      expect(line).toContain(`"${name}":"[secret]"`);
      expect(line).toContain('"beside":"kept"');
    }
  });

  test('cuts it out of what a child logger carries', () => {
    let written = '';
    const log = createLog('info', { write: (line) => (written += line) });
    log.child({ password: 'kept-by-nobody' }).info('a line');
    expect(written).not.toContain('kept-by-nobody');
  });
});

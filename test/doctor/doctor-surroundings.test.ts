import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClientCertificate } from '../support/client-certificate.js';
import { createConnectProxy } from '../support/servers/connect-proxy.js';
import { bad, createDoctorStage, inDays, type DoctorStage } from '../support/setup/doctor-stage.js';
import { createIdentityProvider } from '../support/servers/identity-provider.js';
import { hasRedisServer, startRedis } from '../support/servers/redis-server.js';

let stage: DoctorStage;
beforeAll(async () => {
  stage = await createDoctorStage();
});
afterAll(() => stage.close());
afterEach(() => stage.reset());

test('a database without tables, or with some of them: a warning, because the next run makes them', async () => {
  expect(bad(await stage.findings({ DATABASE_URL: stage.empty.url }))).toEqual([
    'warning migrations: the database has no tables of Rollcall yet',
  ]);
  expect(await stage.empty.rows("select from pg_namespace where nspname ~ '^rollcall'")).toEqual([]);
});

test('a database without tables, and a role that may not make them: a problem', async () => {
  const name = new URL(stage.empty.url).pathname.slice(1);
  await stage.empty.rows(`revoke create on database ${name} from current_user`);
  try {
    expect(bad(await stage.findings({ DATABASE_URL: stage.empty.url }))).toEqual([
      'problem migrations: the database has no tables of Rollcall yet, and the role of DATABASE_URL may not create schemas',
    ]);
  } finally {
    await stage.empty.rows(`grant create on database ${name} to current_user`);
  }
});

test('a database of a newer version: a problem', async () => {
  await stage.database.rows("insert into rollcall_data.migrations (hash, created_at) values ('of tomorrow', 1)");
  try {
    expect(bad(await stage.findings())).toEqual([
      expect.stringMatching(/^problem migrations: the database is at migration (\d+); this version of Rollcall knows/),
    ]);
  } finally {
    await stage.database.rows("delete from rollcall_data.migrations where hash = 'of tomorrow'");
  }
});

test.each([
  [601, 'problem clock: this machine is 10 min behind localhost:'],
  [-90, 'warning clock: this machine is 90 s ahead of localhost:'],
])('the clock of the login is %i s ahead of ours: one line says so', async (seconds, expected) => {
  stage.skewMs = seconds * 1000;
  expect(bad(await stage.findings())).toEqual([expect.stringContaining(expected)]);
});

test('a certificate that is about to expire: one line says so', async () => {
  const certificate = await createClientCertificate({ notAfterDate: inDays(20) });
  const path = join(stage.home, 'certificate.pem');
  await writeFile(path, certificate.pem);
  stage.application.certificates = [certificate.cert];
  const found = await stage.findings({ AZURE_CLIENT_SECRET: '', AZURE_CLIENT_CERTIFICATE_PATH: path });
  expect(bad(found)).toEqual([
    expect.stringMatching(/^warning credential: the certificate expires on [\d-]+, in 20 days$/),
  ]);
  expect(found).toContainEqual(
    expect.objectContaining({ check: 'token', found: expect.stringContaining('by the certificate, ') }),
  );
});

test('a proxy that refuses: what goes by it says so, and its password is not told', async () => {
  const proxy = await createConnectProxy({ refuses: 403 });
  const { host } = new URL(proxy.url);
  const found = await stage.findings({ HTTPS_PROXY: `http://user:hunter2@${host}` });
  await proxy.close();
  const reason = 'the proxy that HTTPS_PROXY names refused to connect us (403)';
  expect(bad(found)).toEqual([
    expect.stringMatching(/^problem login: /),
    expect.stringMatching(/^problem graph: No answer from localhost:/),
  ]);
  for (const { found: said } of found.filter(({ level }) => level === 'problem')) expect(said).toContain(reason);
  expect(found).toContainEqual({
    check: 'proxy',
    level: 'ok',
    found: `the login and Graph are reached through ${host}`,
  });
});

test('a certificate authority that is not trusted: what meets it says so', async () => {
  const found = await stage.findings({ NODE_EXTRA_CA_CERTS: '' });
  expect(bad(found)).toEqual([
    expect.stringMatching(/^problem login: .*self-signed certificate/),
    expect.stringMatching(/^problem graph: .*self-signed certificate/),
  ]);
  for (const { level, advice } of found) if (level !== 'ok') expect(advice).toContain('NODE_EXTRA_CA_CERTS');
});

test('whoever answers is no Graph: one line says so, and nothing more is asked of it', async () => {
  expect(bad(await stage.findings({ GRAPH_BASE_URL: `${stage.emulator.url}/elsewhere` }))).toEqual([
    expect.stringMatching(/^problem graph: localhost:\d+ answered 400 to a request without a token/),
  ]);
});

test('a throttled Graph is no fault of the set-up', async () => {
  stage.emulator.faults.add({
    path: '/v1.0/auditLogs/signIns',
    times: 'always',
    action: { kind: 'throttle', retryAfter: '0' },
  });
  expect(bad(await stage.findings())).toEqual([
    expect.stringMatching(/^warning request sso-access: Graph keeps throttling/),
  ]);
});

test('with a managed identity, or the token of an identity provider, all is well too', async () => {
  const provider = await createIdentityProvider();
  try {
    await provider.renew();
    stage.application.federatedCredentials = [provider.trust];
    const federated = await stage.findings({ AZURE_CLIENT_SECRET: '', AZURE_FEDERATED_TOKEN_FILE: provider.tokenFile });
    expect(bad(federated)).toEqual([]);
  } finally {
    await provider.close();
  }
  stage.application.managedIdentity = 'system';
  const managed = await stage.findings({
    AZURE_CLIENT_SECRET: '',
    AZURE_CLIENT_ID: '',
    AZURE_CREDENTIAL: 'managed-identity',
    AZURE_POD_IDENTITY_AUTHORITY_HOST: stage.emulator.metadataUrl,
    // It is not asked.
    AZURE_AUTHORITY_HOST: 'https://127.0.0.1:1',
  });
  expect(bad(managed)).toEqual([]);
  expect(managed.map(({ check }) => check)).not.toContain('login');
});

const withRedis = hasRedisServer ? test : test.skip;

withRedis('a Redis: its version is told; one that throws jobs away is a problem', async () => {
  const redis = await startRedis();
  try {
    const good = await stage.findings({ REDIS_URL: redis.url });
    expect(bad(good)).toEqual([]);
    expect(good.find(({ check }) => check === 'queue')?.found).toMatch(
      /^Redis \d+\.\d+\.\d+ at 127\.0\.0\.1:\d+, noeviction; no append-only file/,
    );
    await redis.set('maxmemory-policy', 'allkeys-lru');
    expect(bad(await stage.findings({ REDIS_URL: redis.url }))).toEqual([
      expect.stringMatching(/^problem queue: Redis .*: its maxmemory-policy is allkeys-lru, so it throws jobs away/),
    ]);
  } finally {
    await redis.stop();
  }
});

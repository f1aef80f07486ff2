import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleTenant } from '../../src/emulator/index.js';
import { createAuthority, type Authority } from '../support/servers/authority.js';
import { startPostgres, type PostgresServer } from '../support/servers/postgres-server.js';
import { createProcessWorld, type ProcessWorld } from '../support/setup/process-world.js';
import { freePort, hasRedisServer, startRedis, type RedisServer } from '../support/servers/redis-server.js';
import { run } from '../support/rollcall.js';

let authority: Authority;
let folder: string;
let postgres: PostgresServer;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-tls-'));
  authority = await createAuthority();
  await writeFile(path('ca.pem'), authority.cert);
  await writeFile(path('other-ca.pem'), (await createAuthority()).cert);
  for (const name of ['rollcall', 'somebody']) {
    const { cert, key } = await authority.client(name);
    await writeFile(path(`${name}.crt`), cert);
    await writeFile(path(`${name}.key`), key);
  }
  postgres = await startPostgres();
  await serve(await authority.server());
  await postgres.file('clients.crt', authority.cert);
  await postgres.settings({ ssl: 'on', ssl_ca_file: 'clients.crt' });
});
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

async function serve({ cert, key }: { cert: string; key: string }) {
  await postgres.file('server.crt', cert);
  await postgres.file('server.key', key);
  await postgres.settings({ ssl_cert_file: 'server.crt', ssl_key_file: 'server.key' });
}

const databaseUrl = (search: string, user = `rollcall:${postgres.password}`) =>
  `postgres://${user}@127.0.0.1:${postgres.port}/rollcall?${search}`;
const migrate = async (search: string, others: Record<string, string> = {}, user?: string) => {
  const { code, out, err } = await run(['migrate'], { DATABASE_URL: databaseUrl(search, user), ...others });
  return { code, said: out + err };
};

const TLS_ONLY = 'hostssl all rollcall 127.0.0.1/32 scram-sha-256';
const BY_CERTIFICATE = 'hostssl all rollcall 127.0.0.1/32 cert';
const own = (name: string) => `sslcert=${path(`${name}.crt`)}&sslkey=${path(`${name}.key`)}`;

describe('Postgres over TLS', () => {
  beforeEach(() => postgres.rules(TLS_ONLY));

  test.each(['prefer', 'require', 'verify-ca', 'verify-full'])(
    'with sslmode=%s and the authority in sslrootcert: it works, and nothing else is printed',
    async (mode) => {
      const { code, said } = await migrate(`sslmode=${mode}&sslrootcert=${path('ca.pem')}`);
      expect({ code, said }).toEqual({
        code: 0,
        said: expect.stringMatching(/^127\.0\.0\.1:\d+\/rollcall: [^\n]+\n$/),
      });
    },
  );

  test('with the authority in NODE_EXTRA_CA_CERTS, and without looking at it where that is asked for', async () => {
    expect(await migrate('sslmode=verify-full', { NODE_EXTRA_CA_CERTS: path('ca.pem') })).toMatchObject({ code: 0 });
    expect(await migrate('', { NODE_EXTRA_CA_CERTS: path('ca.pem'), PGSSLMODE: 'require' })).toMatchObject({ code: 0 });
    expect(await migrate('sslmode=no-verify')).toMatchObject({ code: 0 });
    expect(await migrate('uselibpqcompat=true&sslmode=require')).toMatchObject({ code: 0 });
  });

  test.each([
    [
      'an authority that is not trusted',
      'sslmode=require',
      "the authority of the server's certificate is not trusted",
      'sslrootcert=/path/ca.pem',
    ],
    ['no TLS in the URL', '', 'the server lets this user in by TLS only', 'sslmode=verify-full'],
    [
      'TLS switched off in the URL',
      'sslmode=disable',
      'the server lets this user in by TLS only',
      'sslmode=verify-full',
    ],
  ])('%s: it is named, with what to do', async (_, search, reason, advice) => {
    const { code, said } = await migrate(search);
    expect(code).toBe(1);
    expect(said).toContain(reason);
    expect(said).toContain(advice);
  });

  test('an authority of another server: it is named, also if that of this one is trusted elsewhere', async () => {
    for (const others of [{}, { NODE_EXTRA_CA_CERTS: path('ca.pem') }]) {
      const { said } = await migrate(`sslmode=verify-full&sslrootcert=${path('other-ca.pem')}`, others);
      expect(said).toContain("the authority of the server's certificate is not trusted");
    }
  });

  test('a client certificate lets in whom it names; none, or that of another, is named', async () => {
    await postgres.rules(BY_CERTIFICATE);
    const trusted = `sslmode=verify-full&sslrootcert=${path('ca.pem')}`;
    expect(await migrate(`${trusted}&${own('rollcall')}`, {}, 'rollcall')).toMatchObject({ code: 0 });
    const without = await migrate(trusted, {}, 'rollcall');
    expect(without.said).toContain('the server asks for a client certificate');
    expect(without.said).toContain('sslcert=');
    const other = await migrate(`${trusted}&${own('somebody')}`, {}, 'rollcall');
    expect(other.said).toContain('the client certificate is of another user');
  });

  test('a certificate of another name, one that has expired, and a server without TLS', async () => {
    const trusted = `sslmode=verify-full&sslrootcert=${path('ca.pem')}`;
    await serve(await authority.server(['db.example']));
    expect((await migrate(trusted)).said).toContain('is for another name than the host in DATABASE_URL');
    expect(await migrate(`uselibpqcompat=true&sslmode=verify-ca&sslrootcert=${path('ca.pem')}`)).toMatchObject({
      code: 0,
    });
    await serve(await authority.server(['localhost'], new Date(Date.now() - 60_000)));
    expect((await migrate(trusted)).said).toContain("the server's certificate has expired");
    await serve(await authority.server());
    await postgres.settings({ ssl: 'off' });
    expect((await migrate(trusted)).said).toContain('the server does not speak TLS');
    await postgres.settings({ ssl: 'on' });
  });
});

(hasRedisServer ? describe : describe.skip)('Redis over TLS', () => {
  let world: ProcessWorld;
  let redis: RedisServer;
  let url: string;
  beforeAll(async () => {
    world = await createProcessWorld(sampleTenant());
    const { cert, key } = await authority.server();
    await writeFile(path('redis.crt'), cert);
    await writeFile(path('redis.key'), key);
    const port = await freePort();
    const files = [
      `tls-cert-file ${path('redis.crt')}`,
      `tls-key-file ${path('redis.key')}`,
      `tls-ca-cert-file ${path('ca.pem')}`,
    ];
    redis = await startRedis({ file: [`tls-port ${port}`, 'tls-auth-clients no', ...files].join('\n') });
    url = `rediss://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    await redis.stop();
    await world.close();
  });
  const sync = (REDIS_URL: string) => run(['sync', 'hr-roster'], { ...world.environment, REDIS_URL });

  test('with the authority in the URL', async () => {
    expect(await sync(`${url}?sslrootcert=${path('ca.pem')}`)).toMatchObject({ code: 0, err: '' });
  });

  test('an authority that is not trusted, and each kind of port named as the other, are named', async () => {
    expect((await sync(url)).err).toContain('the authority of its certificate is not trusted');
    expect((await sync(url.replace('rediss', 'redis'))).err).toMatch(/it ended the connection\n.*rediss:\/\//);
    expect((await sync(redis.url.replace('redis:', 'rediss:'))).err).toMatch(
      /TLS.*\n.*redis:\/\/ instead of rediss:\/\//,
    );
  });

  test('with a client certificate where the server asks for one; without it that is named', async () => {
    await redis.set('tls-auth-clients', 'yes');
    expect(await sync(`${url}?sslrootcert=${path('ca.pem')}&${own('rollcall')}`)).toMatchObject({ code: 0, err: '' });
    const { err } = await sync(`${url}?sslrootcert=${path('ca.pem')}`);
    expect(err).toContain('it refused the client certificate, or asks for one');
    expect(err).toContain('sslcert=');
    await redis.set('tls-auth-clients', 'no');
  });

  test('NODE_EXTRA_CA_CERTS of a .env reaches all four: login, Graph, Postgres with its queue, and Redis', async () => {
    await postgres.rules(TLS_ONLY);
    const { NODE_EXTRA_CA_CERTS, ...environment } = world.environment;
    const all = path('all.pem');
    await writeFile(all, `${await readFile(NODE_EXTRA_CA_CERTS!, 'utf8')}\n${authority.cert}`);
    const here = await mkdtemp(join(folder, 'here-'));
    const variables = { ...environment, DATABASE_URL: databaseUrl('sslmode=verify-full') };
    for (const others of [{}, { REDIS_URL: url }]) {
      const file = Object.entries({ ...variables, ...others, NODE_EXTRA_CA_CERTS: all });
      await writeFile(join(here, '.env'), file.map(([name, value]) => `${name}='${value}'\n`).join(''));
      const { code, err } = await run(['sync', 'hr-roster'], {}, here);
      expect({ code, err }).toEqual({ code: 0, err: '' });
    }
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { createCertificate } from '../../src/emulator/certificate.js';
import { startPostgres, type PostgresServer } from '../support/servers/postgres-server.js';
import { hasRedisServer, startRedis } from '../support/servers/redis-server.js';
import { run } from '../support/rollcall.js';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** How a command ends, and whether it took longer than a person waits: the driver itself waits for a minute. */
async function refused(url: string, environment: Record<string, string> = {}) {
  const started = performance.now();
  const { code, err } = await run(['status'], { HOME: '/nonexistent', DATABASE_URL: url, ...environment });
  expect(performance.now() - started).toBeLessThan(40_000);
  expect(code).toBe(1);
  return err;
}

test.each(['scram-sha-256', 'md5', 'password'])(
  'if a server asks for a password (%s) and the URL has none, the command says so at once and ends',
  async (method) => {
    await postgres.rules(`host all rollcall 127.0.0.1/32 ${method}`);
    const err = await refused(`postgres://rollcall@127.0.0.1:${postgres.port}/rollcall`);
    expect(err).toContain('the server asks for a password, and none is given');
    expect(err).toContain('PGPASSWORD');
  },
);

test('the password of PGPASSWORD is taken, whatever is in it; a wrong one is named as wrong', async () => {
  await postgres.rules('host all rollcall 127.0.0.1/32 scram-sha-256');
  await postgres.query(`alter role rollcall password 'aB/c+d=e@f#g?h%'`);
  const url = `postgres://rollcall@127.0.0.1:${postgres.port}/rollcall`;
  try {
    const { err } = await run(['status'], { DATABASE_URL: url, PGPASSWORD: 'aB/c+d=e@f#g?h%' });
    expect(err).toContain('The database has no tables of Rollcall yet');
    expect(await refused(url, { PGPASSWORD: 'wrong' })).toContain('the password is wrong');
  } finally {
    await postgres.query(`alter role rollcall password '${postgres.password}'`);
  }
});

test('a Unix socket is reached in both forms of libpq, and shown as the path that it is', async () => {
  await postgres.rules('host all rollcall 127.0.0.1/32 scram-sha-256');
  const folder = await mkdtemp(join(tmpdir(), 'pg-'));
  const server = createServer((socket) => {
    const to = connect(postgres.port, '127.0.0.1');
    socket.pipe(to).pipe(socket);
    for (const each of [socket, to]) each.on('error', () => socket.destroy(void to.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(join(folder, '.s.PGSQL.5432'), resolve));
  try {
    const who = `rollcall:${postgres.password}`;
    for (const url of [
      `postgres://${who}@${encodeURIComponent(folder)}/rollcall`,
      `postgres://${who}@/rollcall?host=${folder}`,
    ]) {
      const { out, err } = await run(['migrate'], { DATABASE_URL: url });
      expect(out + err).toMatch(
        new RegExp(`^${folder}/\\.s\\.PGSQL\\.5432, database rollcall: (\\d+ migrations applied|up to date)\n$`),
      );
    }
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
  expect(await refused(`postgres://u:p@/db?host=${folder}`)).toContain(
    `No database at ${folder}/.s.PGSQL.5432, database db: ENOENT`,
  );
});

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** Each greets a client, or answers what it does not understand, in its own way. */
const NO_POSTGRES = 'what answers there is no Postgres';
const strangers: [string, string, () => Promise<Server>][] = [
  [
    'MariaDB, which greets',
    NO_POSTGRES,
    async () => createServer((socket) => socket.on('error', () => {}).write('J\0\0\0\n5.5.5-10.11.6-MariaDB\0')),
  ],
  [
    'an SSH server, which greets with an S',
    NO_POSTGRES,
    async () => createServer((socket) => socket.on('error', () => {}).write('SSH-2.0-OpenSSH_9.2\r\n')),
  ],
  [
    'a server of lines, which answers ERROR',
    NO_POSTGRES,
    async () =>
      createServer((socket) =>
        socket.on('error', () => {}).on('data', (data) => String(data).includes('\n') && socket.write('ERROR\r\n')),
      ),
  ],
  ['a web server', NO_POSTGRES, async () => createHttp()],
  [
    'a web server that speaks TLS',
    'does not answer as Postgres does',
    async () => createTls(await createCertificate()).on('tlsClientError', () => {}),
  ],
  [
    'a server that takes connections and says nothing',
    'does not answer as Postgres does',
    async () => createServer((socket) => socket.on('error', () => {})),
  ],
];

test.each(strangers)('what answers is no Postgres: %s', async (_, expected, create) => {
  const server = await create();
  const port = await listening(server);
  try {
    expect(await refused(`postgres://u:hunter2@127.0.0.1:${port}/db`)).toContain(expected);
  } finally {
    server.close();
  }
});

(hasRedisServer ? test : test.skip)('what answers is no Postgres: Redis', async () => {
  const redis = await startRedis();
  try {
    expect(await refused(redis.url.replace('redis://', 'postgres://u:hunter2@'))).toContain(NO_POSTGRES);
  } finally {
    await redis.stop();
  }
});

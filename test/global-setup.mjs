// One Postgres for the whole suite, from the binaries that Rollcall ships, and one Redis: the one that TEST_REDIS_URL
// names, else one on the usual port, else one that is started here.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Client } from 'pg';
import { createCertificate } from '../dist/emulator/certificate.js';
import { migrateQueue } from '../dist/jobs/open-queue.js';
import { migrate, openDatabase } from '../dist/store/index.js';
import { startEmbeddedPostgres } from '../dist/store/embedded/index.js';

export default async function globalSetup() {
  const home = await makeHome();
  const postgres = await startEmbeddedPostgres({ home, log: pino({ level: 'silent' }) });
  process.env.ROLLCALL_TEST_POSTGRES = postgres.connectionString;
  await createTemplate(postgres.connectionString);
  process.env.ROLLCALL_TEST_CERTIFICATE = JSON.stringify(await createCertificate());
  const redis = await findRedis();
  process.env.ROLLCALL_TEST_REDIS = redis?.url ?? '';
  if (redis === undefined) {
    const message = 'NO REDIS: the suites that need one are SKIPPED. Install redis-server or set TEST_REDIS_URL.';
    if (process.env.REQUIRE_REDIS) throw new Error(message);
    process.stderr.write(`\n*** ${message} ***\n\n`);
  }
  globalThis.rollcallTeardown = async () => {
    redis?.stop();
    await postgres.release();
    await rm(home, { recursive: true, force: true });
  };
}

/**
 * A folder in memory where there is room for one: each test has a database of its own, some three hundred files, which
 * cost a disk ten times as long.
 */
async function makeHome() {
  const memory = '/dev/shm';
  const { bavail = 0, bsize = 0 } = await statfs(memory).catch(() => ({}));
  return mkdtemp(join(bavail * bsize > 4 * 2 ** 30 ? memory : tmpdir(), 'rollcall-test-'));
}

/** A migrated database to copy: a copy takes a tenth of the time of a migration. */
async function createTemplate(serverUrl) {
  const url = new URL(serverUrl);
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  await client.query('create database rollcall_template');
  await client.end();
  url.pathname = '/rollcall_template';
  const database = await openDatabase({ url: url.href, log: pino({ level: 'silent' }) });
  await migrate(database);
  await migrateQueue(database.pool);
  await database.close();
}

async function findRedis() {
  const given = process.env.TEST_REDIS_URL;
  if (given) return { url: given, stop() {} };
  const usual = 'redis://127.0.0.1:6379';
  if (await answers(usual)) return { url: usual, stop() {} };
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined;
  const port = await freePort();
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    {
      stdio: 'ignore',
    },
  );
  const url = `redis://127.0.0.1:${port}`;
  for (let tries = 0; tries < 50; tries += 1) {
    if (await answers(url)) return { url, stop: () => server.kill() };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  server.kill();
  return undefined;
}

async function answers(url) {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2000 });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

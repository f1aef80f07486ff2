// One Postgres for the whole suite, from the binaries that Rollcall ships, and one Redis: the one that TEST_REDIS_URL
// names, else one on the usual port, else one that is started here.
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, statfs } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Client } from 'pg';
import { createCertificate } from '../dist/emulator/certificate.js';
import { migrateQueue } from '../dist/jobs/queue/open.js';
import { migrate, openDatabase } from '../dist/store/index.js';
import { startEmbeddedPostgres } from '../dist/embedded-postgres/index.js';
import { findLeftBehind, MARK } from './support/left-behind.mjs';

export default async function globalSetup() {
  endWithRunner();
  const home = await makeHome();
  // What tests make in the folder for temporary files lies here. Servers of other users must be able to enter it.
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-tests-'));
  await chmod(folder, 0o755);
  process.env.TMPDIR = folder;
  const run = { mark: randomUUID(), folders: [home, folder] };
  process.env[MARK] = run.mark;
  const warden = setWarden(run);
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
    const left = await findLeftBehind(run);
    // The warden ends what is left, and removes the folders.
    warden.ref();
    warden.stdin.end();
    await new Promise((resolve) => warden.on('exit', resolve));
    if (left.length > 0) throw new Error(`left running:\n${left.map(({ command }) => command).join('\n')}`);
  };
}

/** Ends this process when the script that runs it has ended, by whatever signal. */
function endWithRunner() {
  if (process.env.ROLLCALL_TEST_RUNNER === undefined) return;
  const pipe = new Socket({ fd: Number(process.env.ROLLCALL_TEST_RUNNER) });
  delete process.env.ROLLCALL_TEST_RUNNER;
  pipe.on('error', () => {}).on('close', () => process.kill(process.pid, 'SIGKILL'));
  pipe.resume().unref();
}

/** Another process, which sees to it that nothing is left running however this one ends. */
function setWarden(run) {
  const script = fileURLToPath(new URL('support/warden.mjs', import.meta.url));
  const warden = spawn(process.execPath, [script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {},
    cwd: '/',
  });
  warden.stdin.write(`${JSON.stringify(run)}\n`);
  warden.unref();
  warden.stdin.unref?.();
  return warden;
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

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { isRoot } from '../../test/support/part.js';
import { inspectProcess } from './inspect-process.js';
import { isReachable } from './reachable.js';
import { until } from './pause.js';
import { findPlatformPackage, platformPackageName } from './platform-package.js';

/** In milliseconds: longer than a busy machine takes, and shorter than a test may. */
const LONG = 60_000;
const PLAIN = { uid: 65534, gid: 65534 };
const folder = import.meta.dirname;
const asRoot = isRoot() ? test : test.skip;

/** Starts, tells what it has, does as it is told, and leaves when told; nothing but leaks keeps it alive then. */
const CHILD = `
  import { pino } from 'pino';
  import { Client } from 'pg';
  import { startEmbeddedPostgres } from './index.js';
  import { readPlatformPackage } from './platform-package.js';
  const [home, programs] = process.argv.slice(2);
  const platformPackage = programs && { platformPackage: await readPlatformPackage(programs) };
  process.once('SIGINT', () => process.send({ signal: 'SIGINT' }));
  const postgres = await startEmbeddedPostgres({ home, log: pino({ level: 'silent' }), ...platformPackage });
  const { connectionString } = postgres;
  process.on('message', async (sql) => {
    if (sql === 'release') {
      await postgres.release();
      process.disconnect();
      return;
    }
    const client = new Client({ connectionString });
    await client.connect();
    const { rows } = await client.query(sql);
    // Before the answer: after it the server may be told to stop, and would break this connection.
    await client.end();
    process.send({ rows });
  });
  process.send({ connectionString });
`;

let cache = '';
let script = '';
let base = '';
let home = '';
const children: ChildProcess[] = [];

beforeAll(async () => {
  // Below node_modules, so that the script finds the packages.
  const parent = join(folder, '../../node_modules/.cache');
  await mkdir(parent, { recursive: true });
  cache = await mkdtemp(join(parent, 'rollcall-embedded-'));
  await chmod(cache, 0o755);
  script = join(cache, 'child.mjs');
  await build({
    stdin: { contents: CHILD, resolveDir: folder, loader: 'ts' },
    outfile: script,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
});

afterAll(() => rm(cache, { recursive: true, force: true }));

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'rollcall-embedded-'));
  await chmod(base, 0o755);
  home = join(base, 'home');
});

afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  const pid = await postmasterPid();
  if (pid !== undefined && (await isAlive(pid))) {
    process.kill(pid, 'SIGQUIT');
    await until(async () => !(await isAlive(pid)), 10_000);
  }
  await rm(base, { recursive: true, force: true, maxRetries: 5 });
});

function launch(user?: typeof PLAIN, ...programs: string[]): ChildProcess {
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  const child = spawn(process.execPath, [script, home, ...programs], { stdio: [...stdio], detached: true, ...user });
  children.push(child);
  return child;
}

async function said(child: ChildProcess): Promise<Record<string, unknown>> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the child ended with ${code}`);
    }),
  ])) as [Record<string, unknown>];
  return message;
}

async function ask(child: ChildProcess, sql: string): Promise<unknown> {
  child.send(sql);
  return (await said(child))['rows'];
}

async function leave(child: ChildProcess): Promise<void> {
  child.send('release');
  expect(await once(child, 'exit')).toEqual([0, null]);
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function postmasterPid(): Promise<number | undefined> {
  const text = await readFile(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(text.split('\n', 1)[0]) || undefined;
}

/**
 * Whether it is the server. A zombie is not: nobody may be there to take it away. Nor is one that has given back its memory and
 * with it its name, which it does a moment before it ends.
 */
async function isAlive(pid: number | undefined): Promise<boolean> {
  return pid !== undefined && !['gone', 'foreign'].includes(await inspectProcess(pid, join(home, 'postgres', 'data')));
}

test('two that start first at once share one server, and the last one out stops it', async () => {
  const [one, two] = [launch(), launch()];
  const [first, second] = await Promise.all([said(one), said(two)]);
  expect(first['connectionString']).toBe(second['connectionString']);
  const pid = await postmasterPid();
  await leave(one);
  expect(await isAlive(pid)).toBe(true);
  expect(await ask(two, 'select 1 as one')).toEqual([{ one: 1 }]);
  await leave(two);
  expect(await isAlive(pid)).toBe(false);
});

test('two that leave at once stop the server', async () => {
  const [one, two] = [launch(), launch()];
  await Promise.all([said(one), said(two)]);
  const pid = await postmasterPid();
  await Promise.all([leave(one), leave(two)]);
  expect(await isAlive(pid)).toBe(false);
});

test('the server of a killed process goes on and is joined by the next, who stops it', async () => {
  const killed = launch();
  const before = await said(killed);
  await ask(killed, 'create table kept as select 7 as n');
  const pid = await postmasterPid();
  await kill(killed);
  expect(await isAlive(pid)).toBe(true);
  const next = launch();
  expect(await said(next)).toEqual(before);
  expect(await postmasterPid()).toBe(pid);
  expect(await ask(next, 'select n from kept')).toEqual([{ n: 7 }]);
  await leave(next);
  expect(await isAlive(pid)).toBe(false);
});

test('after both were killed, the next start recovers what was committed', async () => {
  const killed = launch();
  const before = await said(killed);
  await ask(killed, 'create table kept as select 7 as n');
  const pid = await postmasterPid();
  await kill(killed);
  process.kill(pid!, 'SIGKILL');
  const next = launch();
  expect(await said(next)).toEqual(before);
  expect(await ask(next, 'select n from kept')).toEqual([{ n: 7 }]);
  await leave(next);
});

test('two processes whose server is killed share its successor', async () => {
  const [one, two] = [launch(), launch()];
  const before = await Promise.all([said(one), said(two)]);
  const pid = await postmasterPid();
  process.kill(pid!, 'SIGKILL');
  expect(await until(async () => ![pid, undefined].includes(await postmasterPid()), LONG)).toBe(true);
  const third = launch();
  expect(await said(third)).toEqual(before[0]);
  await leave(third);
  expect(await ask(one, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await ask(two, 'select 1 as one')).toEqual([{ one: 1 }]);
  const successor = await postmasterPid();
  await leave(one);
  expect(await isAlive(successor)).toBe(true);
  await leave(two);
  expect(await until(async () => !(await isAlive(successor)), LONG)).toBe(true);
});

test('a first start that was killed in the middle does not harm the next', async () => {
  const killed = launch();
  const draft = async () => {
    const names = await readdir(join(home, 'postgres')).catch(() => []);
    return names.some((name) => existsSync(join(home, 'postgres', name, 'data', 'base')) && name.startsWith('initdb-'));
  };
  expect(await until(draft, LONG, 1)).toBe(true);
  await kill(killed);
  const next = launch();
  await said(next);
  expect(await ask(next, 'select 1 as one')).toEqual([{ one: 1 }]);
  await leave(next);
  expect((await readdir(join(home, 'postgres'))).filter((name) => /^initdb-|^lock\./.test(name))).toEqual([]);
});

test('the Ctrl-C of a terminal reaches the process and not the server', async () => {
  const child = launch();
  await said(child);
  process.kill(-child.pid!, 'SIGINT');
  expect(await said(child)).toEqual({ signal: 'SIGINT' });
  expect(await ask(child, 'select 1 as one')).toEqual([{ one: 1 }]);
  await leave(child);
});

asRoot('a plain user runs it too, also from a package that is read-only and has no links', async () => {
  if (!(await isReachable(script, PLAIN, 'read')) || !(await isReachable(process.execPath, PLAIN, 'run'))) return;
  await mkdir(home);
  await chown(home, PLAIN.uid, PLAIN.gid);
  const { directory } = await findPlatformPackage(platformPackageName(process.platform, process.arch));
  const programs = join(base, 'package');
  await cp(directory, programs, { recursive: true, filter: async (path) => !(await lstat(path)).isSymbolicLink() });
  const child = launch(PLAIN, programs);
  await said(child);
  expect(await ask(child, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await readdir(join(home, 'postgres', 'libraries'))).toContain('libicuuc.so.60');
  // Root may join a plain user's server, and leaves it usable for that user.
  const root = launch();
  await said(root);
  await leave(child);
  await leave(root);
  const again = launch(PLAIN, programs);
  await said(again);
  await leave(again);
});

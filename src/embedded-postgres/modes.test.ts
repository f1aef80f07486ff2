import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { isRoot } from '../../test/support/part.js';
import { startEmbeddedPostgres } from './index.js';

const log = pino({ level: 'silent' });
const MAIN = fileURLToPath(new URL('../../dist/bundle/main.js', import.meta.url));
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rollcall-modes-'));
  await chmod(home, 0o755);
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function startAndStop(): Promise<void> {
  const postgres = await startEmbeddedPostgres({ home, log });
  await postgres.release();
}

const modeOf = async (...parts: string[]) => (await stat(join(home, ...parts))).mode & 0o777;

/** Every file and folder as a platform makes them that gives a volume to a group. */
async function openToGroup(path: string): Promise<void> {
  const { mode } = await stat(path);
  await chmod(path, (mode & 0o777) | 0o060 | (mode & 0o100 ? 0o010 : 0));
  if (!(await stat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await openToGroup(join(path, name));
}

test("a volume whose modes a platform has changed starts all the same, and is its owner's alone again", async () => {
  await startAndStop();
  await openToGroup(join(home, 'postgres'));
  await chmod(join(home, 'postgres', 'data'), 0o777);
  await startAndStop();
  expect(await modeOf('postgres', 'data')).toBe(0o700);
  expect(await modeOf('postgres', 'credentials.json')).toBe(0o600);
});

test('whatever the umask, nobody else may write where the passwords are', async () => {
  const before = process.umask(0);
  try {
    await startAndStop();
  } finally {
    process.umask(before);
  }
  expect((await modeOf('postgres')) & 0o066).toBe(0);
});

const asRoot = isRoot() ? test : test.skip;

asRoot('a folder that belongs to another user is named, with both users', async () => {
  await startAndStop();
  const child = spawn(process.execPath, [MAIN, 'migrate'], {
    env: { ROLLCALL_HOME: home, PATH: process.env['PATH'] ?? '' },
    cwd: '/',
    uid: 12_345,
    gid: 12_345,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/postgres belongs to user 0; this process runs as user 12345.*\n.*chown -R 12345/),
  });
});

import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { z } from 'zod';
import { until } from './until.js';

// A suite of its own each, on machines that may be busy.
jest.setTimeout(180_000);

const RUNNER = fileURLToPath(new URL('../../scripts/test.mjs', import.meta.url));
const HANGING = ['--roots', 'test/left-behind', '--testMatch', '**/*.hangs.ts', '--maxWorkers', '2'];
/** What test/left-behind/stays.hangs.ts writes down. */
const reportSchema = z.object({
  jest: z.number(),
  pids: z.array(z.number()),
  server: z.string(),
  folder: z.string(),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'left-behind-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function lives(pid: number): Promise<boolean> {
  // Of a zombie nothing is left but its number.
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status !== '' && !/\) [ZX] /.test(status);
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString });
  client.on('error', () => {});
  const answer = await client.connect().then(
    () => true,
    () => false,
  );
  await client.end().catch(() => {});
  return answer;
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux.each([
  ['jest is ended by SIGTERM', 'jest', 'SIGTERM'],
  ['jest is killed', 'jest', 'SIGKILL'],
  ['the script that runs jest is killed', 'runner', 'SIGKILL'],
] as const)('when %s in the middle of a test, nothing that it started goes on', async (_, whom, signal) => {
  const path = join(folder, 'report');
  const runner = spawn(process.execPath, [RUNNER, ...HANGING], {
    stdio: 'ignore',
    env: { ...process.env, STAYS_REPORT: path },
  });
  const ended = new Promise((resolve) => runner.on('exit', resolve));
  await until(() => runner.exitCode !== null || existsSync(path));
  const report = reportSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  expect(await Promise.all(report.pids.map(lives))).toEqual([true, true, true]);
  expect(await answers(report.server)).toBe(true);
  if (whom === 'jest') process.kill(report.jest, signal);
  else runner.kill(signal);
  await ended;
  for (const pid of report.pids) await until(async () => !(await lives(pid)));
  await until(async () => !(await answers(report.server)));
  await until(() => !existsSync(report.folder));
});

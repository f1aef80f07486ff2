// `rollcall sync` as its user runs it: a process of its own, whose peak of memory is known when it has ended.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/bundle/main.js', import.meta.url));
/** As the image starts it. */
export const NODE_FLAGS = ['--max-semi-space-size=32'];
const PEAK = new URL('./report-peak.mjs', import.meta.url).href;

/** @returns the peak of resident memory, and the task's run as `--json` prints it */
export async function sync(task, settings, home, flags = []) {
  const peakFile = join(home, 'peak');
  const child = spawn(process.execPath, [...NODE_FLAGS, '--import', PEAK, MAIN, 'sync', task, '--json', ...flags], {
    env: { PATH: process.env.PATH, ...settings, ROLLCALL_HOME: join(home, 'data'), BENCH_PEAK_FILE: peakFile },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  // One run, because what it needs has landed before.
  const run = await json(child.stdout);
  if ((await closed) !== 0 || run.outcome !== 'complete')
    throw new Error(`${task} ended ${run.outcome}: ${run.error_message}`);
  const seconds = (Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000;
  return { peakMiB: Number(await readFile(peakFile, 'utf8')) / 1024, seconds, ...run };
}

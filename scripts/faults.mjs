// Plays every fault, or those that have the given text in their names, and prints what came of each.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const test = fileURLToPath(new URL('test.mjs', import.meta.url));
const environment = { ...process.env, ROLLCALL_FAULTS: process.argv.slice(2).join(' ') };
const { status } = spawnSync(process.execPath, [test, '--runInBand', 'test/faults/faults'], {
  stdio: 'inherit',
  env: environment,
});
process.exitCode = status ?? 1;

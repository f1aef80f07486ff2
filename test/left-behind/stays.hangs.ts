// No test of the suite: left-behind.test.ts runs it in a suite of its own, which it ends in the middle.
import { spawn } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { sampleTenant } from '../../src/emulator/index.js';
import { createProcessWorld } from '../support/setup/process-world.js';
import { start } from '../support/rollcall.js';

test('a test has started a worker and another program, and never ends', async () => {
  const { environment } = await createProcessWorld(sampleTenant());
  const worker = start(['worker'], environment);
  await worker.saysOnErr('worker started');
  const program = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });
  const report = {
    jest: process.ppid,
    pids: [process.pid, worker.child.pid, program.pid],
    server: process.env['ROLLCALL_TEST_POSTGRES'],
    folder: tmpdir(),
  };
  const path = process.env['STAYS_REPORT'] ?? '';
  await writeFile(`${path}.draft`, JSON.stringify(report));
  await rename(`${path}.draft`, path);
  await new Promise(() => {});
}, 600_000);

// Runs jest, and fails where tests are green but leave something behind: a timer, a socket, a child that nobody ended.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const child = spawn(process.execPath, [...flags, jest, ...process.argv.slice(2)], {
  // The last is held open by this process alone: it tells the other that this one has ended, by whatever signal.
  stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
  env: { ...process.env, ROLLCALL_TEST_RUNNER: '3' },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));

let leaked = false;
child.stderr.on('data', (chunk) => {
  process.stderr.write(chunk);
  if (/did not exit one second after|failed to exit gracefully/.test(String(chunk))) {
    leaked = true;
    child.kill();
  }
});
child.on('close', (code, signal) => {
  if (leaked) process.stderr.write('The suite leaked handles: see the warning above.\n');
  if (signal !== null) process.stderr.write(`The suite was ended by ${signal}.\n`);
  process.exitCode = leaked ? 1 : (code ?? 1);
});

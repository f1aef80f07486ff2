// Runs jest, and fails where tests are green but leave something behind: a timer, a socket, a child that nobody ended.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const child = spawn(process.execPath, [...flags, jest, ...process.argv.slice(2)], {
  stdio: ['ignore', 'inherit', 'pipe'],
});

let leaked = false;
child.stderr.on('data', (chunk) => {
  process.stderr.write(chunk);
  if (/did not exit one second after|failed to exit gracefully/.test(String(chunk))) {
    leaked = true;
    child.kill();
  }
});
child.on('close', (code) => {
  if (leaked) process.stderr.write('The suite leaked handles: see the warning above.\n');
  process.exitCode = leaked ? 1 : (code ?? 1);
});

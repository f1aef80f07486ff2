// Makes a checkout ready to run: installs what is missing from the lockfile and builds what has changed. Does nothing,
// quickly, where there is nothing to do.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(`Rollcall needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

const lockHash = createHash('sha256')
  .update(readFileSync(at('package-lock.json')))
  .digest('hex');
const installedMark = at('node_modules', '.rollcall-lock');
if (!existsSync(installedMark) || readFileSync(installedMark, 'utf8') !== lockHash) {
  say('Installing dependencies from the lockfile (once) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(installedMark, lockHash);
}

say('Building …');
run(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '--project', at('tsconfig.build.json')]);
run(process.execPath, [at('scripts', 'bundle.mjs')]);
// `npx rollcall` makes it executable once for a path, and remembers that it did: a new build there must be so by itself.
chmodSync(at('dist', 'bundle', 'main.js'), 0o755);

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop(`${command} ${args[0]} failed${error ? `: ${error.message}` : ''}.`);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function stop(text) {
  say(text);
  process.exit(1);
}

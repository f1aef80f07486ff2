// Makes a checkout ready to run: installs what is missing from the lockfile and builds what has changed. Does nothing,
// quickly, where there is nothing to do.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { builtMark, inputsHash } from './inputs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(`Rollcall needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

const main = at('dist', 'bundle', 'main.js');
const isBuilt = existsSync(main) && existsSync(builtMark) && readFileSync(builtMark, 'utf8') === inputsHash();
// What was built from this lockfile was installed from it. A tree that is read-only stays as it is.
if (!isBuilt || !existsSync(at('node_modules', '.package-lock.json'))) {
  install();
  say('Building …');
  run(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '--project', at('tsconfig.build.json')]);
  run(process.execPath, [at('scripts', 'bundle.mjs')]);
  // `npx rollcall` makes it executable once for a path, and remembers that it did: a new build there must be so by itself.
  chmodSync(main, 0o755);
}

function install() {
  const lockHash = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  const installedMark = at('node_modules', '.rollcall-lock');
  if (existsSync(installedMark) && readFileSync(installedMark, 'utf8') === lockHash) return;
  say('Installing dependencies from the lockfile (once, about a minute; npm says nothing meanwhile) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(installedMark, lockHash);
}

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

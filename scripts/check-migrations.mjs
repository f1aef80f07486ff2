// Fails where the tables in src/store/schema and the migrations have drifted apart: generates, beside a copy, the
// migration that would be missing.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rollcall-migrations-'));
try {
  const copy = join(folder, 'migrations');
  cpSync(join(root, 'migrations'), copy, { recursive: true });
  const before = new Set(readdirSync(copy));
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules', 'drizzle-kit', 'bin.cjs'),
      'generate',
      '--dialect=postgresql',
      '--schema=./src/store/schema/index.ts',
      `--out=${relative(root, copy)}`,
    ],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  if (status !== 0) fail(stderr);
  const missing = readdirSync(copy).filter((name) => !before.has(name));
  if (missing.length > 0) {
    const sql = missing.filter((name) => name.endsWith('.sql')).map((name) => readFileSync(join(copy, name), 'utf8'));
    fail(
      `The schema has changed and no migration says so. Run \`npm run db:generate\` and review it:\n${sql.join('\n')}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

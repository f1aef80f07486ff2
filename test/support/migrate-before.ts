import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { z } from 'zod';
import type { Database } from '../../src/store/index.js';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const journal = z.looseObject({ entries: z.array(z.looseObject({ tag: z.string() })) });

/** Brings an empty database to where an earlier version left it: before the migration of this name (without its number). */
export async function migrateBefore({ pool }: Database, name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-migrations-'));
  try {
    await cp(MIGRATIONS, folder, { recursive: true });
    const file = join(folder, 'meta', '_journal.json');
    const all = journal.parse(JSON.parse(await readFile(file, 'utf8')));
    const end = all.entries.findIndex(({ tag }) => tag.replace(/^\d+_/, '') === name);
    if (end === -1) throw new Error(`there is no migration ${name}`);
    await writeFile(file, JSON.stringify({ ...all, entries: all.entries.slice(0, end) }));
    await migrate(drizzle(pool), {
      migrationsFolder: folder,
      migrationsSchema: 'rollcall_data',
      migrationsTable: 'migrations',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

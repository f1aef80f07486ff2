// A Postgres of a benchmark's own: the embedded one, with the settings it has for everybody, in a temporary folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../dist/store/embedded/index.js';
import { migrate, openDatabase } from '../../dist/store/index.js';

const log = pino({ level: 'warn' });

/** A folder that is removed after `work`. */
export async function withFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lends one connection, as an analyst would have it, to a migrated database below `home`. */
export async function withDatabase(home, work) {
  const postgres = await startEmbeddedPostgres({ home, log });
  try {
    const database = await openDatabase({ url: postgres.connectionString, log });
    await migrate(database);
    await database.close();
    const client = new pg.Client({ connectionString: postgres.connectionString });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  } finally {
    await postgres.release();
  }
}

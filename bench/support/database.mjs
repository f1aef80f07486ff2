// A Postgres of a benchmark's own: the embedded one, with the settings that it has for everybody.
import { Client } from 'pg';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../dist/embedded-postgres/index.js';
import { migrate, openDatabase } from '../../dist/store/index.js';

const log = pino({ level: 'warn' });

/** Lends one connection, as an analyst would have it, to a migrated database below `home`. */
export async function withDatabase(home, work) {
  const postgres = await startEmbeddedPostgres({ home, log });
  try {
    const database = await openDatabase({ url: postgres.connectionString, log });
    await migrate(database);
    await database.close();
    const client = new Client({ connectionString: postgres.connectionString });
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

/** For a process of its own. */
export function connectionStringOf({ connectionParameters: { user, password, host, port, database } }) {
  return `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

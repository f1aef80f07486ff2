import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { z } from 'zod';
import { ROLLCALL } from '../../src/embedded-postgres/connection.js';
import { readPostmasterFile } from '../../src/embedded-postgres/postmaster-file.js';

/** Looks at an embedded server from outside, without joining it: what a joining process does is what is on trial. */
export interface Onlooker {
  /** @returns undefined while there is no server, or it has no database yet */
  rows<T extends object>(sql: string, values: unknown[]): Promise<T[] | undefined>;
  /** Kills the server too, as a power failure does. @returns whether there was one */
  killServer(): Promise<boolean>;
  close(): Promise<void>;
}

const credentialsSchema = z.object({ rollcall: z.string() });

export function createOnlooker(home: string): Onlooker {
  const root = join(home, 'postgres');
  let client: Client | undefined;
  const open = async (): Promise<Client> => {
    const { rollcall: password } = credentialsSchema.parse(
      JSON.parse(await readFile(join(root, 'credentials.json'), 'utf8')),
    );
    const server = await readPostmasterFile(join(root, 'data'));
    if (server?.port === undefined) throw new Error('there is no server');
    const access = { host: '127.0.0.1', port: server.port, user: ROLLCALL, password, database: ROLLCALL };
    const opened = new Client({ ...access, application_name: 'onlooker', connectionTimeoutMillis: 2000 });
    opened.on('error', () => {});
    await opened.connect();
    return opened;
  };
  const close = async () => {
    await client?.end().catch(() => {});
    client = undefined;
  };
  return {
    close,
    async rows<T extends object>(sql: string, values: unknown[]) {
      try {
        client ??= await open();
        return (await client.query<T>(sql, values)).rows;
      } catch {
        await close();
        return undefined;
      }
    },
    async killServer() {
      const server = await readPostmasterFile(join(root, 'data'));
      if (server === undefined) return false;
      try {
        return process.kill(server.pid, 'SIGKILL');
      } catch {
        return false;
      }
    },
  };
}

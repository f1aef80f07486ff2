import { Socket } from 'node:net';
import { Client } from 'pg';
import { z } from 'zod';
import { SUPERUSER } from './cluster.js';

/** The names of the product's role and database. */
export const ROLLCALL = 'rollcall';
const CONNECT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 30_000;

export interface Access {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** What pg_stat_activity shows. */
  readonly name: string;
}

/**
 * Opens one connection, which the caller ends. If the server ends it, the next query fails and the process does not crash.
 * @param idle whether the connection, once open, may keep this process alive
 */
export async function connect({ name, ...access }: Access, idle: 'stay' | 'let exit' = 'stay'): Promise<Client> {
  const socket = new Socket();
  const client = new Client({
    ...access,
    host: '127.0.0.1',
    // Otherwise pg takes both from PGSSLMODE and PGOPTIONS, which are meant for other servers.
    ssl: false,
    options: '-c client_min_messages=warning',
    application_name: name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    stream: () => socket,
  });
  client.on('error', () => undefined);
  await client.connect();
  if (idle === 'let exit') socket.unref();
  return client;
}

/** Opens a connection as the superuser. */
export function connectSuperuser(port: number, password: string, name: string, idle?: 'stay' | 'let exit') {
  return connect({ port, user: SUPERUSER, password, database: 'postgres', name }, idle);
}

const Directory = z.tuple([z.object({ directory: z.string() })]);

/** Which cluster the server belongs to: any server may listen on a port. Ends the connection. */
export async function readDataDirectory(client: Client): Promise<string> {
  try {
    const { rows } = await client.query(`select current_setting('data_directory') as directory`);
    return Directory.parse(rows)[0].directory;
  } finally {
    await client.end();
  }
}

/** The product's connection string. Without `sslmode` pg takes it from PGSSLMODE, which is meant for other servers. */
export function connectionString(port: number, password: string): string {
  return `postgres://${ROLLCALL}:${password}@127.0.0.1:${port}/${ROLLCALL}?sslmode=disable`;
}

import { chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../../src/embedded-postgres/index.js';
import { silent } from '../secrets.js';

/** A Postgres of a test's own, whose rules of entry and TLS the test may change. */
export interface PostgresServer {
  readonly port: number;
  /** Of the role `rollcall`, which owns the database `rollcall`. */
  readonly password: string;
  /** As the superuser. */
  query(sql: string): Promise<void>;
  /** Who may come in: lines of pg_hba.conf, above one that lets the superuser in. */
  rules(...lines: string[]): Promise<void>;
  /** Puts a file where the server may read it, and nobody else. @returns its path */
  file(name: string, content: string): Promise<string>;
  /** Settings of postgresql.conf that need no restart. */
  settings(values: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  const home = await mkdtemp(join(tmpdir(), 'rollcall-server-'));
  const postgres = await startEmbeddedPostgres({ home, log: silent });
  const { port, password } = new URL(postgres.connectionString);
  const data = join(home, 'postgres', 'data');
  const { superuser } = JSON.parse(await readFile(join(home, 'postgres', 'credentials.json'), 'utf8')) as {
    superuser: string;
  };
  const access = { host: '127.0.0.1', port: Number(port), user: 'postgres', password: superuser, database: 'postgres' };
  const query = async (...statements: string[]) => {
    const client = new Client({ ...access, ssl: false });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  return {
    port: Number(port),
    password,
    query: (sql) => query(sql),
    async rules(...lines) {
      const own = ['host all postgres 127.0.0.1/32 scram-sha-256', ...lines];
      await writeFile(join(data, 'pg_hba.conf'), `${own.join('\n')}\n`);
      await query('select pg_reload_conf()');
      // The postmaster reads its files when it has time.
      await query('select pg_sleep(0.2)');
    },
    async file(name, content) {
      const path = join(data, name);
      const { uid, gid } = await stat(data);
      await writeFile(path, content, { mode: 0o600 });
      await chown(path, uid, gid);
      return path;
    },
    async settings(values) {
      const statements = Object.entries(values).map(([name, value]) => `alter system set ${name} = '${value}'`);
      await query(...statements, 'select pg_reload_conf()');
      await query('select pg_sleep(0.2)');
    },
    async stop() {
      await postgres.release();
      await rm(home, { recursive: true, force: true });
    },
  };
}

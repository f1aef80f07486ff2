import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { hasPart } from '../part.js';
import { until } from '../until.js';

const BINARIES = '/usr/lib/postgresql';
/** Postgres and its tools of one version: pg_dump refuses a server that is newer than itself. */
const folder = existsSync(BINARIES)
  ? readdirSync(BINARIES)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(BINARIES, version, 'bin'))
      .find((bin) => ['initdb', 'postgres', 'pg_dump', 'pg_restore'].every((name) => existsSync(join(bin, name))))
  : undefined;
const pgbouncer = '/usr/sbin/pgbouncer';

/** Servers refuse to run as root. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

const have = (isThere: boolean, what: string) =>
  hasPart({ isThere, what, requiredBy: 'REQUIRE_POSTGRES_TOOLS', howToGetIt: 'Install it with apt.' });
export const hasDebianPostgres = have(folder !== undefined, 'POSTGRESQL WITH pg_dump');
export const hasPgbouncer = have(existsSync(pgbouncer), 'PGBOUNCER');

export const tool = (name: string): string => join(folder ?? '', name);

export interface DebianPostgres {
  readonly port: number;
  /** Where a role without a password gets in. */
  url(role: string, database: string): string;
  /** As the superuser `postgres`. */
  query(sql: string, database?: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** An empty cluster that lets every role in, with `postgres` as its superuser. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const home = await newFolder();
  const data = join(home, 'data');
  const made = spawnSync(tool('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...user,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(made.stderr);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'];
  const options = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(tool('postgres'), options, { ...user, stdio: 'ignore' });
  const url = (role: string, database: string) => `postgres://${role}@127.0.0.1:${port}/${database}`;
  const query = async (sql: string, database = 'postgres') => {
    const client = new Client({ connectionString: url('postgres', database) });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  await until(() =>
    query('select').then(
      () => true,
      () => false,
    ),
  );
  return { port, url, query, stop: () => stop(server, 'SIGINT', home) };
}

export interface Pgbouncer {
  readonly port: number;
  stop(): Promise<void>;
}

export interface PgbouncerOptions {
  readonly to: { readonly port: number; readonly user: string; readonly password?: string };
  readonly mode: 'session' | 'transaction' | 'statement';
  readonly poolSize?: number;
  /** Further lines of pgbouncer.ini. */
  readonly more?: readonly string[];
}

/** A pooler in front of every database of a server, which logs in as one role and lets everybody in. */
export async function startPgbouncer({ to, mode, poolSize = 40, more = [] }: PgbouncerOptions): Promise<Pgbouncer> {
  const home = await newFolder();
  const port = await freePort();
  const password = to.password === undefined ? '' : ` password=${to.password}`;
  const file = join(home, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${to.port} user=${to.user}${password}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    `default_pool_size = ${poolSize}`,
    'max_client_conn = 200',
    ...more,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  await chmod(file, 0o644);
  const server = spawn(pgbouncer, ['-q', file], { ...user, stdio: 'ignore' });
  await until(async () => {
    const client = new Client({ host: '127.0.0.1', port, user: 'x', database: 'postgres' });
    client.on('error', () => {});
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  });
  return { port, stop: () => stop(server, 'SIGTERM', home) };
}

async function newFolder(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'rollcall-debian-'));
  if (user.uid !== undefined) chownSync(home, user.uid, user.gid);
  return home;
}

async function stop(server: ChildProcess, signal: NodeJS.Signals, home: string): Promise<void> {
  if (server.exitCode === null) {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }
  await rm(home, { recursive: true, force: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

import { chmod, cp, lstat, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Client } from 'pg';
import { isRoot } from '../../test/support/part.js';
import { embeddedPostgresExists, startEmbeddedPostgres, type EmbeddedPostgres } from './index.js';
import { inspectProcess } from './inspect-process.js';
import { until } from './pause.js';
import { findPlatformPackage, platformPackageName, readPlatformPackage } from './platform-package.js';

const log = pino({ level: 'silent' });
/** In milliseconds: longer than a busy machine takes, and shorter than a test may. */
const LONG = 50_000;
const root = isRoot();
const asRoot = root ? test : test.skip;
let base = '';
let home = '';
const started: EmbeddedPostgres[] = [];

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'rollcall-embedded-'));
  // What mkdtemp makes is closed to others; the ordinary home is not.
  await chmod(base, 0o755);
});

// The tests that do not care about a first start share a home: initdb takes a second.
beforeEach(() => {
  home = join(base, 'home');
});

afterEach(async () => {
  for (const postgres of started.splice(0)) await postgres.release();
});

afterAll(() => rm(base, { recursive: true, force: true }));

async function start(options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ home, log, ...options });
  started.push(postgres);
  return postgres;
}

async function query(postgres: EmbeddedPostgres, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: postgres.connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
}

/** Whether a server ends that was told to; a zombie has: nobody may be there yet to take it away. */
const ends = (pid: number): Promise<boolean> =>
  until(async () => (await inspectProcess(pid, join(home, 'postgres', 'data'))) === 'gone', LONG);

describe('a start', () => {
  test('makes a cluster that keeps its promises, and the last one out stops the server', async () => {
    home = join(base, 'first');
    expect(embeddedPostgresExists(home)).toBe(false);
    const postgres = await start();
    expect(embeddedPostgresExists(home)).toBe(true);
    expect(postgres.directory).toBe(join(home, 'postgres'));
    const [facts] = await query(
      postgres,
      `select current_user, current_database(), rolsuper, datlocprovider, datlocale, inet_server_addr()::text as address,
         current_setting('fsync') as fsync, current_setting('data_checksums') as checksums,
         current_setting('listen_addresses') as listens
       from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
    );
    expect(facts).toEqual({
      current_user: 'rollcall',
      current_database: 'rollcall',
      rolsuper: false,
      datlocprovider: 'b',
      datlocale: 'C.UTF-8',
      address: '127.0.0.1/32',
      fsync: 'on',
      checksums: 'on',
      listens: '127.0.0.1',
    });
    const { mode } = await stat(join(home, 'postgres', 'credentials.json'));
    expect(mode & 0o777).toBe(0o600);
    const pid = await postmasterPid();
    await postgres.release();
    expect(await ends(pid)).toBe(true);
  });

  test('finds the data of the last one, on the same port', async () => {
    const first = await start();
    await query(first, `create table if not exists kept as select 7 as n`);
    await first.release();
    const second = await start();
    expect(second.connectionString).toBe(first.connectionString);
    expect(await query(second, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  test('takes another port where the old one is taken', async () => {
    const first = await start();
    await first.release();
    const port = Number(new URL(first.connectionString).port);
    const other = createServer().listen(port, '127.0.0.1');
    const second = await start();
    expect(new URL(second.connectionString).port).not.toBe(String(port));
    expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
    await new Promise((resolve) => other.close(resolve));
  });

  test('works in a home with spaces and quotes and a long name', async () => {
    home = join(base, `it's a "home" of $mine`, 'x'.repeat(120), 'y'.repeat(120));
    const postgres = await start();
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('makes what a process killed between initdb and its end did not', async () => {
    await (await start()).release();
    await rm(join(home, 'postgres', 'port'));
    await mkdir(join(home, 'postgres', 'initdb-123', 'data'), { recursive: true });
    await mkdir(join(home, 'postgres', 'lock.abc'));
    const again = await start();
    expect(await query(again, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  asRoot('as root works below a folder that only root may enter', async () => {
    home = join(base, 'closed', 'home');
    await mkdir(join(base, 'closed'), { mode: 0o700 });
    const programs = await copyOfPackage(join(base, 'closed'));
    const postgres = await start({ platformPackage: programs });
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await stat(join(base, 'closed'))).mode & 0o777).toBe(0o700);
    const status = await readFile(`/proc/${await postmasterPid()}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t(?!0\t)/m);
  });

  test('makes the links of the libraries where no install script has', async () => {
    home = join(base, 'unlinked');
    const postgres = await start({ platformPackage: await copyOfPackage(base) });
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('keeps the log of the server short', async () => {
    await (await start()).release();
    await writeFile(join(home, 'postgres', 'server.log'), 'x'.repeat(5_000_000));
    await start();
    expect((await stat(join(home, 'postgres', 'server.log'))).size).toBeLessThan(100_000);
    expect((await stat(join(home, 'postgres', 'server.log.old'))).size).toBe(5_000_000);
  });
});

describe('a server that dies', () => {
  test('comes back by itself on the same port, with what was committed', async () => {
    const postgres = await start();
    await query(postgres, 'create table if not exists kept as select 7 as n');
    process.kill(await postmasterPid(), 'SIGKILL');
    const answers = () =>
      query(postgres, 'select n from kept').then(
        (rows) => rows[0]?.['n'] === 7,
        () => false,
      );
    expect(await until(answers, LONG)).toBe(true);
  });

  test('answers when ensureRunning has returned, even where a query of it outlived it', async () => {
    const postgres = await start();
    const busy = query(postgres, 'select count(*) from generate_series(1, 1e12::bigint)').catch(() => 'broken');
    const isBusy = async () =>
      (await query(postgres, `select from pg_stat_activity where query like '%1e12%'`)).length > 1;
    expect(await until(isBusy, LONG)).toBe(true);
    process.kill(await postmasterPid(), 'SIGKILL');
    await Promise.all([postgres.ensureRunning(), postgres.ensureRunning()]);
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await busy).toBe('broken');
  });

  test('is stopped by the last one out also after one of its backends crashed', async () => {
    const postgres = await start();
    const pid = await postmasterPid();
    const presence = async () => {
      const sql = `select pid from pg_stat_activity where application_name = 'rollcall-presence'`;
      return Number((await query(postgres, sql).catch(() => []))[0]?.['pid'] ?? 0);
    };
    const crashed = await presence();
    process.kill(crashed, 'SIGKILL');
    // The server has ended every connection, and is joined again.
    expect(await until(async () => ![0, crashed].includes(await presence()), LONG)).toBe(true);
    await postgres.ensureRunning();
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await postmasterPid()).toBe(pid);
    await postgres.release();
    expect(await ends(pid)).toBe(true);
  });

  test('is started again although its process id is another program’s now', async () => {
    await (await start()).release();
    const data = join(home, 'postgres', 'data');
    const { uid, gid } = await stat(data);
    const stranger = spawn('sleep', ['60'], root ? { uid, gid } : {});
    await writeFile(join(data, 'postmaster.pid'), `${stranger.pid}\n${data}\n1\n5\n\n127.0.0.1\n\nready\n`);
    const postgres = await start();
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
  });
});

/** As npm unpacks it: symbolic links never come in a package. */
async function copyOfPackage(parent: string) {
  const { directory } = await findPlatformPackage(platformPackageName(process.platform, process.arch));
  const copy = join(parent, 'package');
  await cp(directory, copy, { recursive: true, filter: async (path) => !(await lstat(path)).isSymbolicLink() });
  return readPlatformPackage(copy);
}

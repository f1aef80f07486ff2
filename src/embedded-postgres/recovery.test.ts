import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Client } from 'pg';
import { startEmbeddedPostgres } from './index.js';

const log = pino({ level: 'silent' });
let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rollcall-embedded-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The process that writes the log of a server while nobody waits for it. */
function walWriterOf(postmaster: number): number {
  const processes = execFileSync('ps', ['-axww', '-o', 'pid=,ppid=,args=']).toString().split('\n');
  const found = processes
    .map((line) => line.trim().split(/\s+/))
    .find(([, parent, ...args]) => {
      return Number(parent) === postmaster && args.join(' ').includes('walwriter');
    });
  if (found === undefined) throw new Error('the server has no walwriter');
  return Number(found[0]);
}

test('a server that dies just after an unlogged table was taken back comes back, with what was committed', async () => {
  const first = await startEmbeddedPostgres({ home, log });
  const other = await connect(first.connectionString);
  const client = await connect(first.connectionString);
  await client.query('begin; create unlogged table taken_back (n int)');
  // Takes the making of the other table to the disk as well.
  await other.query('create table kept as select 7 as n');
  const postmaster = Number(
    (await readFile(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n', 1)[0],
  );
  const walWriter = walWriterOf(postmaster);
  // That the table was taken back is now known to memory only.
  process.kill(walWriter, 'SIGSTOP');
  await client.query('rollback');
  process.kill(postmaster, 'SIGKILL');
  process.kill(walWriter, 'SIGKILL');
  await first.ensureRunning();
  const after = await connect(first.connectionString);
  expect((await after.query('select n from kept')).rows).toEqual([{ n: 7 }]);
  await Promise.all([after.end(), client.end().catch(() => undefined), other.end().catch(() => undefined)]);
  await first.release();
});

import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startEmbeddedPostgres } from './index.js';
import { findPlatformPackage, platformPackageName } from './platform-package.js';

const log = pino({ level: 'silent' });
let home = '';

/** Starts and stops. @returns what it failed with */
async function startAndStop(): Promise<unknown> {
  try {
    const postgres = await startEmbeddedPostgres({ home, log });
    await postgres.release();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a start is refused', () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'rollcall-embedded-'));
    expect(await startAndStop()).toBeUndefined();
  });

  afterAll(() => rm(home, { recursive: true, force: true }));

  test.each([
    ['data of another major version', 'data/PG_VERSION', '17\n', /written by Postgres 17.*brings Postgres 18/],
    ['a folder that is no cluster', 'data/PG_VERSION', undefined, /no Postgres cluster/],
    ['lost passwords', 'credentials.json', undefined, /credentials.json is missing/],
    ['damaged passwords', 'credentials.json', '{"superuser":"secret', /credentials.json is damaged/],
    ['other passwords', 'credentials.json', '{"superuser":"secret","rollcall":"secret"}', /refuses the password/],
    ['settings the server refuses', 'data/postgresql.auto.conf', 'shared_buffers = banana\n', /shared_buffers/],
  ])('for %s, and works again when that is put right', async (_, file, content, message) => {
    const path = join(home, 'postgres', file);
    const original = await readFile(path);
    // Written in place and not removed: the owner of the file must stay.
    await (content === undefined ? rm(path) : writeFile(path, content));
    const error = await startAndStop();
    expect(error).toMatchObject({ code: 'embedded_postgres_failed', message: expect.stringMatching(message) });
    expect(String(error)).not.toContain('secret');
    await writeFile(path, original, { mode: 0o644 });
    expect(await startAndStop()).toBeUndefined();
  });

  test('while another container uses the folder, and not after it was killed', async () => {
    const { root, data } = { root: join(home, 'postgres'), data: join(home, 'postgres', 'data') };
    const leaveTraces = async () => {
      await writeFile(join(root, 'in-use'), 'elsewhere');
      await writeFile(join(data, 'postmaster.pid'), `4194305\n${data}\n1\n5\n\n127.0.0.1\n\nready\n`);
    };
    await leaveTraces();
    const beats = setInterval(() => void utimes(join(root, 'in-use'), new Date(), new Date()), 300);
    const refused = await startAndStop();
    clearInterval(beats);
    expect(refused).toMatchObject({ message: expect.stringMatching(/Another container or machine/) });
    await leaveTraces();
    expect(await startAndStop()).toBeUndefined();
  });
});

test('a platform without a package is named, with what to do', async () => {
  await expect(findPlatformPackage(platformPackageName('aix', 'ppc64'))).rejects.toMatchObject({
    code: 'embedded_postgres_failed',
    message: expect.stringContaining('@embedded-postgres/aix-ppc64'),
    advice: expect.stringContaining('DATABASE_URL'),
  });
});

test('a system without the loader of the programs, which is one without glibc, is told from missing programs', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-embedded-'));
  home = join(directory, 'home');
  const files = ['bin/initdb', 'bin/postgres', 'share/postgresql/postgres.bki', 'lib/libpq.so'];
  for (const file of files) {
    await mkdir(join(directory, 'native', file, '..'), { recursive: true });
    // The system reports the missing interpreter of a script as it does the missing loader of a program.
    await writeFile(join(directory, 'native', file), '#!/lib64/no-such-loader\n', { mode: 0o755 });
  }
  await chmod(directory, 0o755);
  const platformPackage = { directory, majorVersion: '18' };
  await expect(startEmbeddedPostgres({ home, log, platformPackage })).rejects.toMatchObject({
    code: 'embedded_postgres_failed',
    message: expect.stringContaining('glibc'),
    advice: expect.stringContaining('DATABASE_URL'),
  });
  await rm(directory, { recursive: true });
});

test('a home that cannot be written is named', async () => {
  home = join(await mkdtemp(join(tmpdir(), 'rollcall-embedded-')), 'file');
  await writeFile(home, 'a file where a folder should be');
  expect(await startAndStop()).toMatchObject({
    code: 'embedded_postgres_failed',
    advice: expect.stringContaining(home),
  });
  await rm(join(home, '..'), { recursive: true });
});

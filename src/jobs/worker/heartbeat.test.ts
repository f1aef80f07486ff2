import { randomUUID } from 'node:crypto';
import { chown, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from '../../../test/support/servers/database.js';
import { until } from '../../../test/support/until.js';
import { readConfig } from '../../settings/config.js';
import { isAlive, keepAlive } from './heartbeat.js';

/** A worker's settings; each test has a database of its own, which no worker is on. */
const configOf = (database: string) => readConfig({ DATABASE_URL: `postgres://host/${database}` });
const signs = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('rollcall-worker-'));
const works = () => Promise.resolve();

test('a worker whose stores answer is alive on its database, for some time, until it stops', async () => {
  const config = configOf(randomUUID());
  expect(await isAlive(config)).toBe(false);
  const stop = keepAlive(config, works, silent);
  await until(() => isAlive(config));
  expect(await isAlive(configOf(randomUUID()))).toBe(false);
  const [name = ''] = await signs();
  const { mtimeMs } = await stat(join(tmpdir(), name));
  expect([await isAlive(config, mtimeMs + 44_000), await isAlive(config, mtimeMs + 46_000)]).toEqual([true, false]);
  await stop();
  expect(await isAlive(config)).toBe(false);
  expect(await signs()).toEqual([]);
});

test('one whose stores do not answer is not alive', async () => {
  const config = configOf(randomUUID());
  const said: unknown[] = [];
  const log = Object.assign(Object.create(silent) as typeof silent, { debug: (fact: unknown) => said.push(fact) });
  const stop = keepAlive(config, () => Promise.reject(new Error('away')), log);
  await until(() => said.length > 0);
  expect(await isAlive(config)).toBe(false);
  await stop();
});

test('an answer that comes after the end is no sign of life', async () => {
  const config = configOf(randomUUID());
  let answer = () => {};
  const asked = new Promise<void>((resolve) => (answer = resolve));
  const stop = keepAlive(config, () => asked, silent);
  await stop();
  answer();
  for (let look = 0; look < 50; look += 1) expect(await signs()).toEqual([]);
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;
asRoot('what another user has left is no sign of life', async () => {
  const config = configOf(randomUUID());
  const stop = keepAlive(config, works, silent);
  await until(() => isAlive(config));
  const [name = ''] = await signs();
  await chown(join(tmpdir(), name), 65_534, 65_534);
  expect(await isAlive(config)).toBe(false);
  await stop();
});

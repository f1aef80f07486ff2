import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock.js';
import { pause } from './pause.js';
import { place } from './place.js';

let base = '';
let lock = '';

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'rollcall-lock-'));
  lock = join(base, 'lock');
});

afterEach(() => rm(base, { recursive: true, force: true }));

test('of many who come at once, one at a time works', async () => {
  let working = 0;
  let most = 0;
  const work = async (n: number) => {
    most = Math.max(most, ++working);
    await pause(5);
    working--;
    return n;
  };
  const all = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(await Promise.all(all.map((n) => withLock(lock, () => work(n))))).toEqual(all);
  expect(most).toBe(1);
  expect(await readdir(lock)).toEqual(['free']);
  expect(await readdir(base)).toEqual(['lock']);
});

test('work that fails gives the lock back', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await withLock(lock, async () => 'works')).toBe('works');
});

test.each([
  ['that was killed', '4194305'],
  ['of a killed container with our process id', String(process.pid)],
])('a holder %s is replaced at once, by one of many', async (_, pid) => {
  await mkdir(lock);
  await writeFile(join(lock, `held-${pid}-${place()}-1234`), '');
  const start = performance.now();
  let working = 0;
  const work = async () => {
    expect(++working).toBe(1);
    await pause(20);
    working--;
  };
  await Promise.all([1, 2, 3, 4].map(() => withLock(lock, work)));
  // Without having waited for its heart, which takes a hundred looks.
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('a holder of another container is replaced when its heart has stopped for seconds', async () => {
  await mkdir(lock);
  await writeFile(join(lock, 'held-1-elsewhere-1234'), '');
  const start = performance.now();
  await withLock(lock, () => Promise.resolve());
  expect(performance.now() - start).toBeGreaterThan(4_000);
});

test('a holder that works for longer than that is not replaced', async () => {
  let done = false;
  let begun = () => {};
  const working = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const long = withLock(lock, async () => {
    begun();
    await pause(7_000);
    done = true;
  });
  await working;
  await withLock(lock, async () => expect(done).toBe(true));
  await long;
});

test('an emptied lock is made anew', async () => {
  await mkdir(lock);
  expect(await withLock(lock, async () => 'works')).toBe('works');
});

import { createLimiter, type Limiter } from './limiter.js';

const forever = () => new Promise<never>(() => {});

/** As many requests at once as may be, each taking as long as `latency` says of how many there are. */
async function rounds(limiter: Limiter, count: number, latency: (inFlight: number) => number) {
  for (let round = 0; round < count; round += 1) {
    const { limit } = limiter;
    await Promise.all(
      Array.from({ length: limit }, () =>
        limiter.run(() => {
          limiter.took('page', latency(limit));
          return Promise.resolve();
        }),
      ),
    );
  }
}

test('as many requests are in flight as the limit says, and the next begins when one has ended', async () => {
  const limiter = createLimiter();
  let running = 0;
  const ends: (() => void)[] = [];
  const one = () => {
    running += 1;
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  const all = Array.from({ length: limiter.limit + 2 }, () => limiter.run(one));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  expect(running).toBe(limiter.limit);
  while (ends.length > 0) {
    ends.shift()?.();
    await turn();
  }
  await Promise.all(all);
  expect(running).toBe(all.length);
});

test('more are sent at once while that pays', async () => {
  const limiter = createLimiter();
  const start = limiter.limit;
  await rounds(limiter, 3, () => 50);
  expect(limiter.limit).toBe(start * 8);
});

test('no more are sent where they only wait longer', async () => {
  const limiter = createLimiter();
  // A server that works on eight at once: the rest stands in line.
  await rounds(limiter, 50, (inFlight) => 50 * Math.max(1, inFlight / 8));
  expect(limiter.limit).toBeGreaterThanOrEqual(8);
  expect(limiter.limit).toBeLessThanOrEqual(16);
});

test('nothing grows where nobody needs more', async () => {
  const limiter = createLimiter();
  const start = limiter.limit;
  for (let request = 0; request < 100; request += 1) {
    await limiter.run(() => Promise.resolve(limiter.took('page', 50)));
  }
  expect(limiter.limit).toBe(start);
});

test('a complaint halves at once, down to one, and growth begins again in small steps', async () => {
  const limiter = createLimiter();
  await rounds(limiter, 1, () => 50);
  const before = limiter.limit;
  limiter.halve();
  expect(limiter.limit).toBe(before / 2);
  await rounds(limiter, 1, () => 50);
  expect(limiter.limit).toBe(before / 2 + 1);
  for (let times = 0; times < 10; times += 1) limiter.halve();
  expect(limiter.limit).toBe(1);
});

test('whoever waits for a place can be told to stop', async () => {
  const limiter = createLimiter();
  const stop = new AbortController();
  for (let busy = 0; busy < limiter.limit; busy += 1) void limiter.run(forever);
  const waiting = limiter.run(forever, stop.signal);
  stop.abort();
  await expect(waiting).rejects.toThrow('aborted');
});

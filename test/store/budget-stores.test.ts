import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { createMemoryBudget } from '../../src/graph/budget/memory-budget.js';
import type { BudgetStore } from '../../src/budget-store.js';
import { createRedisBudgets } from '../../src/store/budget/redis-budget.js';
import { createPostgresBudgets, installationId } from '../../src/store/index.js';
import { createTestDatabase, embedded, silent, type TestDatabase } from '../support/servers/database.js';
import { testRedisUrl } from '../support/servers/redis.js';

let database: TestDatabase;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
const redis = testRedisUrl === undefined ? undefined : new Redis(testRedisUrl);
afterAll(async () => {
  redis?.disconnect();
  await database.drop();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Nothing flows off while a test runs. */
const STILL = { units: 100, windowMs: 1e15, burst: 0.75 };

type Open = (application: string) => Promise<BudgetStore>;

/** A clock that never stands still, however fast the machine. */
let time = 0;
const clock = () => Date.now() + (time += 0.01);

/** As another process would open them. In memory there is no other process. */
const stores: [string, Open, 'shared' | 'alone'][] = [
  ['in memory', () => Promise.resolve(createMemoryBudget(clock)), 'alone'],
  [
    'in Postgres',
    (application) => {
      const budgets = createPostgresBudgets(database);
      closing.push(() => budgets.close());
      return Promise.resolve(budgets.of(application));
    },
    'shared',
  ],
];
if (testRedisUrl !== undefined) stores.push(['in Redis', openRedis, 'shared']);

async function openRedis(application: string): Promise<BudgetStore> {
  const id = await installationId(database);
  const budgets = createRedisBudgets({ redisUrl: testRedisUrl!, installationId: id, log: silent });
  closing.push(() => budgets.close());
  return budgets.of(application);
}

/** As a user who may only log in to the store: both ways, whichever store is tested. */
async function forge(application: string, more: string): Promise<void> {
  for (let times = 0; times < 5; times += 1) {
    await database.pool.query('select pg_notify($1, $2)', ['rollcall_budget', `${application}${more}`]);
    await redis?.publish(`rollcall:${await installationId(database)}:budget:${application}`, more.trim() || '86400000');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe.each(stores)('the books %s', (_, open) => {
  test('give units until the bucket is as full as it may be, and then say how long to wait', async () => {
    const store = await open(randomUUID());
    const slow = { ...STILL, windowMs: 1e6 };
    await expect(store.lease('directory', { ...slow, take: 50 })).resolves.toMatchObject({
      waitMs: 0,
      pauseMs: 0,
      full: expect.closeTo(0.5, 2),
    });
    const { waitMs } = await store.lease('directory', { ...slow, take: 50 });
    // 25 too many, which flow off in a quarter of the window.
    expect(waitMs).toBeGreaterThan(200_000);
    expect(waitMs).toBeLessThanOrEqual(250_000);
    await expect(store.lease('directory', { ...slow, take: 20 })).resolves.toMatchObject({ waitMs: 0 });
  });

  test('keep the buckets apart', async () => {
    const store = await open(randomUUID());
    await store.lease('reports', { ...STILL, take: 75 });
    await expect(store.lease('directory', { ...STILL, take: 75 })).resolves.toMatchObject({ waitMs: 0 });
  });

  test('lend what has flowed off again', async () => {
    const store = await open(randomUUID());
    await store.lease('directory', { ...STILL, take: 75 });
    const fast = { ...STILL, windowMs: 0.001 };
    await expect(store.lease('directory', { ...fast, take: 75 })).resolves.toMatchObject({ waitMs: 0 });
  });

  test('believe Graph where it says that the bucket is fuller', async () => {
    const store = await open(randomUUID());
    const { waitMs } = await store.lease('directory', { ...STILL, take: 5, used: 0.9 });
    expect(waitMs).toBeCloseTo(0.2 * STILL.windowMs, -5);
    await expect(store.lease('directory', { ...STILL, take: 5 })).resolves.not.toMatchObject({ waitMs: 0 });
  });

  test('lend more than a full bucket holds to a request that costs more, once it is empty', async () => {
    const store = await open(randomUUID());
    await expect(store.lease('directory', { ...STILL, take: 90 })).resolves.toMatchObject({ waitMs: 0 });
    await expect(store.lease('directory', { ...STILL, take: 1 })).resolves.not.toMatchObject({ waitMs: 0 });
  });

  test.each([
    ['of the same bucket', 'directory'],
    ['of the other bucket', 'reports'],
  ])('lend nothing during a pause, and a shorter pause %s never cuts a longer one', async (__, longer) => {
    const store = await open(randomUUID());
    await store.pause(longer, 500_000);
    await store.pause('directory', 1000);
    const { waitMs, pauseMs } = await store.lease('directory', { ...STILL, take: 1 });
    expect(waitMs).toBe(pauseMs);
    expect(pauseMs).toBeGreaterThan(400_000);
    expect(pauseMs).toBeLessThanOrEqual(500_000);
  });

  test('prolong a pause when a longer one is asked for', async () => {
    const store = await open(randomUUID());
    await store.pause('directory', 1000);
    await store.pause('directory', 500_000);
    expect((await store.lease('directory', { ...STILL, take: 1 })).pauseMs).toBeGreaterThan(400_000);
  });

  test('keep applications apart: a pause or a lease of one is none of another', async () => {
    const [store, other] = [await open(randomUUID()), await open(randomUUID())];
    await store.lease('directory', { ...STILL, take: 75 });
    await store.pause('directory', 500_000);
    await expect(other.lease('directory', { ...STILL, take: 75 })).resolves.toMatchObject({ waitMs: 0, pauseMs: 0 });
  });

  test('hold no more than twice the limit, so that nothing that was said blocks for longer than two windows', async () => {
    const store = await open(randomUUID());
    await store.lease('directory', { ...STILL, take: 1e15 });
    const { waitMs, full } = await store.lease('directory', { ...STILL, take: 1 });
    expect(full).toBeCloseTo(2, 5);
    expect(waitMs).toBeLessThanOrEqual(2 * STILL.windowMs);
  });

  test('make the bucket a fifth smaller after a complaint, once for each pause', async () => {
    const store = await open(randomUUID());
    await store.lease('directory', { ...STILL, take: 40 });
    for (let complaints = 0; complaints < 3; complaints += 1) await store.pause('directory', 500_000);
    const { full } = await store.lease('directory', { ...STILL, take: 1 });
    expect(full).toBeCloseTo(0.5, 5);
  });
});

describe.each(stores.filter(([, , kind]) => kind === 'shared'))('the books %s', (_, open) => {
  test('are the same for all, and no unit is lent twice', async () => {
    const application = randomUUID();
    const processes = await Promise.all([1, 2, 3, 4].map(() => open(application)));
    const asked = processes.flatMap((store) => Array.from({ length: 25 }, () => store));
    const leases = await Promise.all(asked.map((store) => store.lease('directory', { ...STILL, take: 1 })));
    expect(leases.filter(({ waitMs }) => waitMs === 0)).toHaveLength(75);
  });

  test('believe no pause that is longer than a day: none of us has written it', async () => {
    const application = randomUUID();
    const store = await open(application);
    await store.lease('directory', { ...STILL, take: 1 });
    await forgePause(application, Date.now() + 100 * 365 * 86_400_000);
    await expect(store.lease('directory', { ...STILL, take: 1 })).resolves.toMatchObject({ waitMs: 0, pauseMs: 0 });
    await store.pause('directory', 500_000);
    const { pauseMs } = await store.lease('directory', { ...STILL, take: 1 });
    expect(pauseMs).toBeGreaterThan(400_000);
    expect(pauseMs).toBeLessThanOrEqual(500_000);
  });

  test('tell other processes at once that one was told to wait', async () => {
    const application = randomUUID();
    const [one, other, stranger] = [await open(application), await open(application), await open(randomUUID())];
    const strange: number[] = [];
    stranger.onPause((pauseMs) => strange.push(pauseMs));
    const heard = new Promise((resolve) => {
      other.onPause(resolve);
    });
    // Who listens is connected in the background; a pause of before is learnt with the next lease.
    const again = setInterval(() => void one.pause('directory', 2500), 50);
    const pauseMs = await heard.finally(() => clearInterval(again));
    expect(pauseMs).toBeGreaterThan(0);
    expect(pauseMs).toBeLessThanOrEqual(2500);
    expect(strange).toEqual([]);
  });

  test.each(['', ' 86400000', ' NaN', ' 1e300'])(
    'believe no word but their own: a forged message "…%s" is no pause',
    async (more) => {
      const application = randomUUID();
      const [one, other] = [await open(application), await open(application)];
      const heard: number[] = [];
      other.onPause((pauseMs) => heard.push(pauseMs));
      await forge(application, more);
      // Whatever was said before a real pause has been heard with it.
      const told = new Promise<void>((resolve) => other.onPause((pauseMs) => pauseMs > 0 && resolve()));
      const again = setInterval(() => void one.pause('directory', 2500), 150);
      await told.finally(() => clearInterval(again));
      expect(heard.filter((pauseMs) => !(pauseMs >= 0 && pauseMs <= 2500))).toEqual([]);
    },
  );

  test('never hold a pause that is longer than a day, or that is no number', async () => {
    const store = await open(randomUUID());
    await store.pause('directory', Number.NaN);
    await expect(store.lease('directory', { ...STILL, take: 1 })).resolves.toMatchObject({ waitMs: 0 });
    await store.pause('directory', 1e300);
    const { pauseMs } = await store.lease('directory', { ...STILL, take: 1 });
    expect(pauseMs).toBeLessThanOrEqual(86_400_000);
  });
});

/** What anyone with write access to the database or Redis could do. @param until milliseconds since 1970 */
async function forgePause(application: string, until: number): Promise<void> {
  await database.pool.query(
    'update rollcall_staging.budgets set paused_until = to_timestamp($2::float8 / 1000) where application = $1',
    [application, until],
  );
  if (testRedisUrl === undefined) return;
  const redis = new Redis(testRedisUrl);
  const key = `rollcall:${await installationId(database)}:budget:${application}`;
  if ((await redis.exists(key)) === 1) await redis.hset(key, 'paused', String(until));
  redis.disconnect();
}

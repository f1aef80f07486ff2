import type { Ask, BudgetStore, Lease } from '../../budget-store.js';
import { createPurse } from './local-lease.js';

const LIMIT = { units: 800, windowMs: 10_000, burst: 0.9 };
const GRANTED: Lease = { waitMs: 0, pauseMs: 0, full: 0 };

/** A purse of ten units a lease, with a clock that the test moves. */
function purse(answer: (ask: Ask) => Lease = () => GRANTED) {
  let now = 0;
  const asks: Ask[] = [];
  const store: BudgetStore = {
    lease: (_bucket, ask) => {
      asks.push(ask);
      return Promise.resolve(answer(ask));
    },
    pause: () => Promise.resolve(),
    onPause() {},
  };
  return {
    ...createPurse(
      'directory',
      store,
      () => LIMIT,
      () => now,
    ),
    asks,
    pass: (ms: number) => (now += ms),
  };
}

test('a lease serves many requests', async () => {
  const { take, asks } = purse();
  await Promise.all(Array.from({ length: 10 }, () => take(1)));
  expect(asks).toEqual([{ ...LIMIT, take: 10, used: undefined }]);
  await take(1);
  expect(asks).toHaveLength(2);
});

test('what is left of a lease is part of the next one, unless it is too old', async () => {
  const { take, asks, pass } = purse();
  await take(8);
  await take(4);
  expect(asks.map((ask) => ask.take)).toEqual([10, 8]);
  pass(250);
  await take(1);
  expect(asks[2]).toMatchObject({ take: 10 });
});

test('what a request has cost beyond what was thought is paid with the next lease', async () => {
  const { take, correct, asks, pass } = purse();
  await take(10);
  correct(5);
  pass(10_000);
  await take(1);
  expect(asks[1]).toMatchObject({ take: 15 });
});

test('a request that costs more than a lease gets one of its own', async () => {
  const { take, asks } = purse();
  await take(60);
  expect(asks).toMatchObject([{ take: 60 }]);
});

test('whoever was told to wait does not ask again meanwhile', async () => {
  const { take, asks, pass } = purse(() => ({ waitMs: 300, pauseMs: 0, full: 0.9 }));
  await expect(take(1)).resolves.toMatchObject({ waitMs: 300 });
  pass(100);
  await expect(take(1)).resolves.toMatchObject({ waitMs: 200 });
  expect(asks).toHaveLength(1);
  pass(200);
  await take(1);
  expect(asks).toHaveLength(2);
});

test('where Graph says that more is used than the books know, they are corrected before anything else is spent', async () => {
  const { take, tell, asks } = purse();
  await take(1);
  tell(0.85);
  await take(1);
  expect(asks[1]).toMatchObject({ used: 0.85, burst: 0.75, take: 1 - 9 });
});

test('where Graph says what the books know, work goes on', async () => {
  const { take, tell, asks } = purse(() => ({ ...GRANTED, full: 0.88 }));
  await take(1);
  tell(0.9);
  await take(1);
  expect(asks).toHaveLength(1);
});

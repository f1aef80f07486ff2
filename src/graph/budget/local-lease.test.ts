import type { Ask, BudgetStore, Lease } from '../../budget-store.js';
import { createLocalLease } from './local-lease.js';

const LIMIT = { units: 800, windowMs: 10_000, burst: 0.9 };
const GRANTED: Lease = { waitMs: 0, pauseMs: 0, full: 0 };

/** Leases of ten units, with a clock that the test moves. */
function localLease(answer: (ask: Ask) => Lease = () => GRANTED) {
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
    ...createLocalLease(
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
  const { spend, asks } = localLease();
  await Promise.all(Array.from({ length: 10 }, () => spend(1)));
  expect(asks).toEqual([{ ...LIMIT, take: 10, used: undefined }]);
  await spend(1);
  expect(asks).toHaveLength(2);
});

test('what is left of a lease is part of the next one, unless it is too old', async () => {
  const { spend, asks, pass } = localLease();
  await spend(8);
  await spend(4);
  expect(asks.map((ask) => ask.take)).toEqual([10, 8]);
  pass(250);
  await spend(1);
  expect(asks[2]).toMatchObject({ take: 10 });
});

test('what a request has cost beyond what was thought is paid with the next lease', async () => {
  const { spend, correct, asks, pass } = localLease();
  await spend(10);
  correct(5);
  pass(10_000);
  await spend(1);
  expect(asks[1]).toMatchObject({ take: 15 });
});

test('a request that costs more than a lease gets one of its own', async () => {
  const { spend, asks } = localLease();
  await spend(60);
  expect(asks).toMatchObject([{ take: 60 }]);
});

test('a process that was told to wait does not ask again meanwhile', async () => {
  const { spend, asks, pass } = localLease(() => ({ waitMs: 300, pauseMs: 0, full: 0.9 }));
  await expect(spend(1)).resolves.toMatchObject({ waitMs: 300 });
  pass(100);
  await expect(spend(1)).resolves.toMatchObject({ waitMs: 200 });
  expect(asks).toHaveLength(1);
  pass(200);
  await spend(1);
  expect(asks).toHaveLength(2);
});

test('if Graph says that more is used than the ledger knows, it is corrected before anything else is spent', async () => {
  const { spend, reportUsed, asks } = localLease();
  await spend(1);
  reportUsed(0.85);
  await spend(1);
  expect(asks[1]).toMatchObject({ used: 0.85, burst: 0.75, take: 1 - 9 });
});

test('if Graph says what the ledger knows, spending continues', async () => {
  const { spend, reportUsed, asks } = localLease(() => ({ ...GRANTED, full: 0.88 }));
  await spend(1);
  reportUsed(0.9);
  await spend(1);
  expect(asks).toHaveLength(1);
});

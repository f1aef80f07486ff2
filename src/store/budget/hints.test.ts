import { jest } from '@jest/globals';
import { boundedPause } from '../../budget-store.js';
import { createHints } from './hints.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

test.each([
  [Number.NaN, 0],
  [-1, 0],
  [1500.5, 1500.5],
  [86_400_001, 86_400_000],
  [Number.POSITIVE_INFINITY, 86_400_000],
])('a pause of %p is %p', (given, obeyed) => {
  expect(boundedPause(given)).toBe(obeyed);
});

test('a thousand hints about the same are one look now and one later', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
  const looks: string[] = [];
  const hint = createHints({
    knows: () => true,
    look: async (subject) => void looks.push(subject),
    onFlood() {},
  });
  for (let count = 0; count < 1000; count += 1) hint('one');
  hint('other');
  await settle();
  expect(looks).toEqual(['one', 'other']);
  for (let round = 0; round < 5; round += 1) {
    jest.advanceTimersByTime(1000);
    await settle();
  }
  expect(looks).toEqual(['one', 'other', 'one']);
  jest.useRealTimers();
});

test('hints about what nothing depends on are not looked at, and they are a flood all the same', () => {
  const floods: number[] = [];
  const hint = createHints({
    knows: () => false,
    look: () => Promise.reject(new Error('looked')),
    onFlood: (silenceMs) => floods.push(silenceMs),
  });
  for (let count = 0; count < 100_000; count += 1) hint(`subject ${count}`);
  expect(floods.length).toBeGreaterThan(0);
  expect(floods[0]).toBe(60_000);
});

test('a look that fails is forgotten, and the next hint looks again', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
  let looks = 0;
  const hint = createHints({
    knows: () => true,
    look() {
      looks += 1;
      return Promise.reject(new Error('the store is away'));
    },
    onFlood() {},
  });
  hint('one');
  await settle();
  jest.advanceTimersByTime(1000);
  hint('one');
  await settle();
  expect(looks).toBe(2);
  jest.useRealTimers();
});

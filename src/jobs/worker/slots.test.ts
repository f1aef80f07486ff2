import { createSlots } from './slots.js';

test('one tenant alone has half of the slots', () => {
  const slots = createSlots(8);
  const acquired = Array.from({ length: 8 }, () => slots.acquire('slow')).filter(Boolean);
  expect(acquired).toHaveLength(4);
});

test('whatever one tenant holds, every other one has a slot for its first run', () => {
  const slots = createSlots(8);
  for (let runs = 0; runs < 4; runs += 1) slots.acquire('slow');
  for (const tenant of ['a', 'b', 'c', 'd']) expect(slots.acquire(tenant)).toBeDefined();
  expect(slots.acquire('a')).toBeUndefined();
});

test('a slot that was given back can be had again, once', () => {
  const slots = createSlots(4);
  const release = slots.acquire('a');
  slots.acquire('b');
  expect(slots.acquire('b')).toBeUndefined();
  release?.();
  expect(slots.acquire('b')).toBeDefined();
  expect(slots.acquire('b')).toBeUndefined();
});

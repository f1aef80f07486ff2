import { createSlots } from './slots.js';

test('one tenant alone has half of the slots', () => {
  const slots = createSlots(8);
  const entered = Array.from({ length: 8 }, () => slots.enter('slow')).filter(Boolean);
  expect(entered).toHaveLength(4);
});

test('whatever one tenant holds, every other one has a slot for its first run', () => {
  const slots = createSlots(8);
  for (let runs = 0; runs < 4; runs += 1) slots.enter('slow');
  for (const tenant of ['a', 'b', 'c', 'd']) expect(slots.enter(tenant)).toBeDefined();
  expect(slots.enter('a')).toBeUndefined();
});

test('a slot that was given back can be had again, once', () => {
  const slots = createSlots(4);
  const leave = slots.enter('a');
  slots.enter('b');
  expect(slots.enter('b')).toBeUndefined();
  leave?.();
  expect(slots.enter('b')).toBeDefined();
  expect(slots.enter('b')).toBeUndefined();
});

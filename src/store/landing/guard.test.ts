import type { Difference } from './diff.js';
import { isHeld } from './guard.js';

const difference = (counts: Partial<Difference>): Difference => ({
  live: 0,
  added: 0,
  changed: 0,
  removed: 0,
  filteredOut: 0,
  returned: 0,
  unchanged: 0,
  ...counts,
});
const SAME = { percent: 10, filtersChanged: false };

test.each([
  ['nothing is removed', { live: 100 }, false],
  ['the allowed share is removed', { live: 1000, removed: 100 }, false],
  ['more than the allowed share is removed', { live: 1000, removed: 101 }, true],
  ['few are removed from a small tenant', { live: 20, removed: 10 }, false],
  ['eleven of twenty are removed', { live: 20, removed: 11 }, true],
  ['nobody would be left', { live: 3, removed: 3 }, true],
  ['everybody is replaced, in a small tenant', { live: 3, removed: 3, added: 3 }, false],
  ['the first load', { added: 5000 }, false],
  ['many begin to fail a filter that was not changed', { live: 100, removed: 50, filteredOut: 50 }, true],
])('where %s', (_, counts, expected) => {
  expect(isHeld([difference(counts)], SAME)).toBe(expected);
});

test.each([
  ['who falls out because a filter was changed does not count', { live: 100, removed: 50, filteredOut: 50 }, false],
  ['who is gone counts all the same', { live: 100, removed: 50, filteredOut: 30 }, true],
  ['a filter that leaves nobody is held', { live: 100, removed: 100, filteredOut: 100 }, true],
])('%s', (_, counts, expected) => {
  expect(isHeld([difference(counts)], { percent: 10, filtersChanged: true })).toBe(expected);
});

test('the tables of a task are judged together', () => {
  expect(isHeld([difference({ live: 1000, removed: 60 }), difference({ live: 10, removed: 10 })], SAME)).toBe(false);
  expect(isHeld([difference({ live: 100, removed: 60 }), difference({ live: 100 })], SAME)).toBe(true);
});

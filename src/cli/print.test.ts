import { formatDuration } from './print.js';

test.each([
  [0, '0.0 s'],
  [4249, '4.2 s'],
  [59_999, '59.9 s'],
  [60_000, '1 min 0 s'],
  [3_599_999, '59 min 59 s'],
  [3_600_000, '1 h 00 min'],
  [2 * 3_600_000 + 59.9 * 60_000, '2 h 59 min'],
  [49 * 3_600_000 + 5 * 60_000, '49 h 05 min'],
])('%d ms are %s, never more than have passed', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

import { retryAfterMs } from './retry-after.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');

test.each([
  ['whole seconds', { 'retry-after': '1' }, 1000],
  ['fractional seconds', { 'retry-after': '2.128' }, 2128],
  ['nothing to wait', { 'retry-after': '0' }, 0],
  ['an hour', { 'retry-after': '3600' }, 3_600_000],
  ['two merged headers, the longer of which holds', { 'retry-after': '30,120' }, 120_000],
  ['the same with a space and the longer one first', { 'retry-after': '120, 30' }, 120_000],
  ['spaces around', { 'retry-after': ' 5 ' }, 5000],
  ['an HTTP date', { 'retry-after': 'Sun, 01 Mar 2026 12:00:07 GMT' }, 7000],
  ['an HTTP date that has passed', { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
  ['an HTTP date as C writes it', { 'retry-after': 'Sun Mar  1 12:00:07 2026' }, 7000],
  ['two merged HTTP dates', { 'retry-after': 'Sun, 01 Mar 2026 12:00:07 GMT, Sun, 01 Mar 2026 12:00:09 GMT' }, 9000],
  ['a number beside one that is none', { 'retry-after': `30, ${'9'.repeat(400)}` }, 30_000],
  ['a hundred years, which are a day at most', { 'retry-after': '3153600000' }, 86_400_000],
  ['a date in years, which is a day at most', { 'retry-after': 'Sun, 01 Mar 2126 12:00:07 GMT' }, 86_400_000],
  [
    "an HTTP date by the server's own clock",
    { 'retry-after': 'Sun, 01 Mar 2026 13:00:07 GMT', date: 'Sun, 01 Mar 2026 13:00:00 GMT' },
    7000,
  ],
])('%s is understood', (_, headers, expected) => {
  expect(retryAfterMs(headers, NOW)).toBe(expected);
});

test.each([
  ['missing', {}],
  ['empty', { 'retry-after': '' }],
  ['no number and no date', { 'retry-after': 'soon' }],
  ['negative', { 'retry-after': '-5' }],
  ['infinite', { 'retry-after': '9'.repeat(400) }],
  ['not a number', { 'retry-after': 'NaN' }],
  ['no decimal', { 'retry-after': '0x10' }],
])('a header that is %s says nothing', (_, headers) => {
  expect(retryAfterMs(headers, NOW)).toBeUndefined();
});

import { copyLine } from './copy-text.js';

test.each([
  ['null', [null], '\\N\n'],
  ['booleans and numbers', [true, false, 12], 't\tf\t12\n'],
  ['an empty text, which is not null', [''], '\n'],
  ['a text that looks like null', ['\\N'], '\\\\N\n'],
  ['tabs, line ends and backslashes', ['a\tb\nc\rd\\e'], 'a\\tb\\nc\\rd\\\\e\n'],
  ['a NUL, which Postgres cannot store', ['a\0b'], 'ab\n'],
  ['an empty array', [[]], '{}\n'],
  [
    'an array with quotes, commas, braces and backslashes',
    [['a"b', 'c,d', '{e}', 'f\\g']],
    '{"a\\\\"b","c,d","{e}","f\\\\\\\\g"}\n',
  ],
  ['an array with the word null', [['null', '']], '{"null",""}\n'],
])('%s', (_, cells, expected) => {
  expect(copyLine(cells)).toBe(expected);
});

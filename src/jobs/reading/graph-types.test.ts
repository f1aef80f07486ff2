import { z } from 'zod';
import {
  graphId,
  graphInstant,
  graphKey,
  graphOptionalId,
  graphText,
  graphTexts,
  graphUserName,
} from './graph-types.js';

test.each([
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z'],
  ['2026-03-01T12:00:00.1Z', '2026-03-01T12:00:00.1Z'],
  ['2026-03-01T12:00:00.1230000Z', '2026-03-01T12:00:00.123Z'],
  ['2026-12-31T23:59:59.9999999Z', '2026-12-31T23:59:59.999999Z'],
  ['2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00Z'],
  ['2026-03-01T00:30:00.25-01:00', '2026-03-01T01:30:00.25Z'],
  [' 2026-03-01T12:00:00Z\t', '2026-03-01T12:00:00Z'],
  ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.999999Z'],
  ['1600-06-01T00:00:00Z', '1600-06-01T00:00:00Z'],
  ['1602-01-01T00:00:00Z', '1602-01-01T00:00:00Z'],
  ['0002-01-01T00:00:00Z', '0002-01-01T00:00:00Z'],
])('the date %j is %s', (value, expected) => {
  expect(graphInstant.parse(value)).toBe(expected);
});

test.each([
  '',
  ' ',
  '\u00A0',
  '0001-01-01T00:00:00Z',
  '0001-01-01T00:00:00.0000000Z',
  '0001-01-01T00:00:00+02:00',
  '0001-01-01T00:00:00-08:00',
  '0001-12-31T23:59:59Z',
  '0002-01-01T00:30:00+01:00',
  '1601-01-01T00:00:00Z',
  '1601-01-01T00:00:00+00:00',
  '1601-01-01T01:00:00+02:00',
  '1601-07-01T12:34:56.7891234Z',
  '1600-12-31T23:30:00-01:00',
  '1602-01-01T00:30:00+01:00',
])('%j says that there is no date', (value) => {
  expect(graphInstant.parse(value)).toBeNull();
});

test.each(['2026-02-30T00:00:00Z', '2026-03-01', 'yesterday', '0000-06-01T00:00:00Z', 20260301, null])(
  '%s is not understood as a date',
  (value) => {
    expect(graphInstant.safeParse(value).success).toBe(false);
  },
);

test('an id is a GUID of any version, in lower case', () => {
  expect(graphId.parse('6EA91A8D-E32E-01A1-07BD-D2D185EED0E0')).toBe('6ea91a8d-e32e-01a1-07bd-d2d185eed0e0');
  expect(graphId.parse(' 6ea91a8d-e32e-01a1-07bd-d2d185eed0e0\n')).toBe('6ea91a8d-e32e-01a1-07bd-d2d185eed0e0');
  expect(graphId.safeParse('00000000-0000-0000-0000-000000000000').success).toBe(true);
  expect(graphId.safeParse('6ea91a8d').success).toBe(false);
  expect(graphId.safeParse(' ').success).toBe(false);
});

test.each([undefined, null, '', ' \t', '\u2003'])('an id that may be missing is null if it is %j', (value) => {
  expect(graphOptionalId.parse(value)).toBeNull();
});

test('an id that may be missing is a GUID if it is there', () => {
  expect(graphOptionalId.parse(' 6EA91A8D-E32E-01A1-07BD-D2D185EED0E0')).toBe('6ea91a8d-e32e-01a1-07bd-d2d185eed0e0');
  expect(graphOptionalId.safeParse('6ea91a8d').success).toBe(false);
});

test('a key is any text that is not blank', () => {
  expect(graphKey.parse(' aB-_9 ')).toBe('aB-_9');
  expect(graphKey.safeParse('  ').success).toBe(false);
});

test.each([
  ['Ada', 'Ada'],
  [' Ada Lovelace ', 'Ada Lovelace'],
  ['\r\n\tAda\v\f', 'Ada'],
  ['\u00A0\u1680\u2000\u2009\u202F\u205F\u3000Ada\u2028\u2029\u0085\uFEFF', 'Ada'],
  ['A\0da\0', 'Ada'],
  ['\0 Ada', 'Ada'],
  ['Zero\u200Bwidth', 'Zero\u200Bwidth'],
  ['👩‍💻', '👩‍💻'],
  ['0', '0'],
])('the text %j is %j', (value, expected) => {
  expect(graphText.parse(value)).toBe(expected);
});

test.each([undefined, null, '', ' ', '\t\r\n', '\u00A0', '\u3000\u2003', '\u0085', '\uFEFF', '\0', '\u200B', '\u2060\u00AD', '\u200E\u202E'])(
  'the text %j is none',
  (value) => {
    expect(graphText.parse(value)).toBeNull();
  },
); // prettier-ignore

test('a property that Graph leaves out is null, never missing', () => {
  expect(z.object({ text: graphText, texts: graphTexts, id: graphOptionalId, name: graphUserName }).parse({})).toEqual({
    text: null,
    texts: [],
    id: null,
    name: null,
  });
});

test('a text with a million blanks inside takes no time', () => {
  const text = `a${' '.repeat(1_000_000)}b`;
  expect(graphText.parse(text)).toBe(text);
});

test('of a list the blank texts are left out', () => {
  expect(graphTexts.parse([' a ', '', ' ', null, 'b\u00A0'])).toEqual(['a', 'b']);
  expect(graphTexts.parse(null)).toEqual([]);
});

test.each([
  ['FE7CC8C15246EDCCA289C9A4022762F7', true],
  ['fe7cc8c15246edcca289c9a4022762f7', true],
  [' fe7cc8c15246edcca289c9a4022762f7\u00A0', true],
  ['{PII Removed}@contoso.com', true],
  ['FE7CC8C15246EDCCA289C9A4022762F7@contoso.com', false],
  ['FE7CC8C15246EDCCA289C9A4022762F', false],
  ['fe7cc8c1-5246-edcc-a289-c9a4022762f7', false],
  ['ada@contoso.com', false],
])('whether the user principal name %j is concealed: %s', (name, isConcealed) => {
  expect(graphUserName.parse(name)).toEqual({
    name: name.trim(),
    isConcealed,
    pseudonym: name.trim().toLowerCase(),
  });
});

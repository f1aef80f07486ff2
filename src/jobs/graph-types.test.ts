import { graphId, graphInstant } from './graph-types.js';

test.each([
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z'],
  ['2026-03-01T12:00:00.1Z', '2026-03-01T12:00:00.1Z'],
  ['2026-03-01T12:00:00.1230000Z', '2026-03-01T12:00:00.123Z'],
  ['2026-12-31T23:59:59.9999999Z', '2026-12-31T23:59:59.999999Z'],
  ['2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00Z'],
  ['2026-03-01T00:30:00.25-01:00', '2026-03-01T01:30:00.25Z'],
  ['0001-01-01T00:00:00Z', null],
  ['', null],
])('the date %s is %s', (value, expected) => {
  expect(graphInstant.parse(value)).toBe(expected);
});

test.each(['2026-02-30T00:00:00Z', '2026-03-01', 'yesterday', 20260301, null])('%s is no date', (value) => {
  expect(graphInstant.safeParse(value).success).toBe(false);
});

test('an id is a GUID of any version, in lower case', () => {
  expect(graphId.parse('6EA91A8D-E32E-01A1-07BD-D2D185EED0E0')).toBe('6ea91a8d-e32e-01a1-07bd-d2d185eed0e0');
  expect(graphId.safeParse('00000000-0000-0000-0000-000000000000').success).toBe(true);
  expect(graphId.safeParse('6ea91a8d').success).toBe(false);
});

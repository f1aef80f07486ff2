import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { httpDates, parseHttpDate } from './http-date.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');

test.each([
  ['the usual form', 'Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['the form of RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['the form of asctime', 'Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],
  ['the form of asctime with one blank', 'Wed Nov 25 18:05:00 2026', '2026-11-25T18:05:00Z'],
  ['small letters', 'sun, 06 nov 1994 08:49:37 gmt', '1994-11-06T08:49:37Z'],
  ['two digits that are near', 'Sunday, 06-Nov-76 08:49:37 GMT', '2076-11-06T08:49:37Z'],
  ['two digits that would be far ahead', 'Sunday, 06-Nov-77 08:49:37 GMT', '1977-11-06T08:49:37Z'],
  ['no standard, with a zone', 'Sun Nov 06 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['an offset', 'Sun, 06 Nov 1994 08:49:37 +0100', '1994-11-06T07:49:37Z'],
])('%s is understood', (_, text, expected) => {
  expect(parseHttpDate(text, NOW)).toBe(Date.parse(expected));
});

test.each([
  ['empty', ''],
  ['no date', 'soon'],
  ['a day that does not exist', 'Mon, 30 Feb 2026 08:49:37 GMT'],
  ['a month that does not exist', 'Sun, 06 Foo 1994 08:49:37 GMT'],
  ['an hour that does not exist', 'Sun, 06 Nov 1994 28:49:37 GMT'],
  ['a form without a zone that means no zone', 'Nov 6, 1994 08:49:37'],
  ['a number', '-5'],
])('%s is no date', (_, text) => {
  expect(parseHttpDate(text, NOW)).toBeUndefined();
});

test('dates that a proxy merged are all found', () => {
  const merged = 'Sun, 01 Mar 2026 12:00:07 GMT, Sun, 01 Mar 2026 12:00:09 GMT';
  expect(httpDates(merged, NOW)).toEqual([NOW + 7000, NOW + 9000]);
});

/** A zone belongs to a process: it is set before Node starts. */
test.each([
  ['UTC', 0],
  ['Asia/Tokyo', -540],
  ['America/New_York', 300],
  ['Asia/Kathmandu', -345],
])('every form means GMT if the machine is in %s', (zone, offset) => {
  const resolveDir = fileURLToPath(new URL('.', import.meta.url));
  const forms = ['Wed, 25 Nov 2026 18:05:03 GMT', 'Wednesday, 25-Nov-26 18:05:03 GMT', 'Wed Nov 25 18:05:03 2026'];
  const contents = `import { retryAfterMs } from './retry-after.ts';
    const waits = ${JSON.stringify(forms)}.flatMap((value) => [
      retryAfterMs({ 'retry-after': value }, Date.UTC(2026, 10, 25, 18, 5, 0)),
      retryAfterMs({ 'retry-after': value, date: 'Wed Nov 25 18:05:01 2026' }, Date.UTC(2026, 10, 25)),
    ]);
    console.log(JSON.stringify({ offset: new Date(2026, 0, 1).getTimezoneOffset(), waits }));`;
  const { outputFiles } = buildSync({ stdin: { contents, resolveDir, loader: 'ts' }, bundle: true, write: false });
  const args = ['--eval', outputFiles[0]!.text];
  const said: unknown = JSON.parse(
    execFileSync(process.execPath, args, { env: { ...process.env, TZ: zone }, encoding: 'utf8' }),
  );
  expect(said).toEqual({ offset, waits: [3000, 2000, 3000, 2000, 3000, 2000] });
});

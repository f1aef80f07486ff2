import { createContext } from './cli/context.js';
import { formatJson, formatTable, jsonLine } from './cli/print.js';
import { createLog } from './log.js';
import { visible, visibleInLine, visibleJson } from './visible.js';

const EVERY = Array.from({ length: 0x110000 }, (_, codePoint) => String.fromCodePoint(codePoint));

/** Told by Unicode's own categories, not by the expression that is tested. */
const isHidden = (character: string) =>
  /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]$/u.test(character) || /^(?![\uFE0E\uFE0F])\p{DI}$/u.test(character);

const escapeOf = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`;

test('of all code points, what a terminal obeys or hides is shown by its number, and nothing else is touched', () => {
  const wrong = EVERY.filter((character) => {
    const expected = isHidden(character) ? escapeOf(character) : character;
    const inText = '\n\t'.includes(character) ? character : expected;
    return visibleInLine(`a${character}b`) !== `a${expected}b` || visible(`a${character}b`) !== `a${inText}b`;
  });
  expect(wrong.map(escapeOf)).toEqual([]);
});

test('text that is visible stays as it is: to write it twice changes nothing', () => {
  const everything = EVERY.join('');
  expect(visible(visible(everything))).toBe(visible(everything));
});

test('of all code points, JSON says the same after it was made visible, and nothing in it is hidden', () => {
  const wrong = EVERY.filter((character) => {
    const json = visibleJson(JSON.stringify({ [character]: `a${character}` }));
    const read: unknown = JSON.parse(json);
    return (
      Array.from(json).some(isHidden) || Object.entries(read as object)[0]?.join() !== `${character},a${character}`
    );
  });
  expect(wrong.map(escapeOf)).toEqual([]);
});

test.each([
  ['a control of 7 bits', '\u001B]0;owned\u0007', String.raw`\u{1b}]0;owned\u{7}`],
  ['a control of 8 bits', '\u009B2J', String.raw`\u{9b}2J`],
  ['a delete', 'a\u007Fb', String.raw`a\u{7f}b`],
  ['a direction', '\u202Egpj.exe', String.raw`\u{202e}gpj.exe`],
  ['an isolate', '\u2066x\u2069', String.raw`\u{2066}x\u{2069}`],
  ['a character without width', 'ad\u200Bmin', String.raw`ad\u{200b}min`],
  ['a filler', '\u3164', String.raw`\u{3164}`],
  ['a tag', '\u{E0041}', String.raw`\u{e0041}`],
  ['half of a pair', '\uD83D', String.raw`\u{d83d}`],
  ['a separator of lines', 'a\u2028b\u2029c', String.raw`a\u{2028}b\u{2029}c`],
  ['a return', 'a\rb', String.raw`a\u{d}b`],
  ['a name with accents, an emoji and a wide script', 'Zoë ❤️ 山田 Ünal', 'Zoë ❤️ 山田 Ünal'],
])('%s reaches no terminal as it is', (_, given, expected) => {
  let written = '';
  const stream = { write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
  const { out, err } = createContext({
    environment: {},
    out: stream,
    err: stream,
    signal: new AbortController().signal,
    setExitCode() {},
  });
  out.write(given);
  err.write(given);
  expect(written).toBe(expected.repeat(2));
  expect(formatTable(['name'], [[given]])).toBe(`name\n${expected}\n`);
});

test('a line feed in a name begins no line of a table, and a value of jsonb holds nothing hidden', () => {
  expect(formatTable(['name', 'other'], [['a\nb\tc', 'd']])).toBe(
    `name           other\n${String.raw`a\u{a}b\u{9}c`}  d\n`,
  );
  expect(formatTable(['before'], [[{ name: '\u202Ex' }]])).toBe(`before\n{"name":"\\u202ex"}\n`);
  expect(jsonLine({ name: '\u{E0041}\u009B' })).toBe(`{"name":"\\udb40\\udc41\\u009b"}\n`);
  expect(formatJson({ a: '\u007F' }, 2)).toBe('{\n  "a": "\\u007f"\n}');
});

test('a line of the log is valid JSON without anything hidden, and says what was given', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  const first = ['\u009B2J', '\u202Ex', '\u007F', '\u2028', '\uD83D'];
  log.warn({ first }, 'run held \u200B');
  expect(lines).toHaveLength(1);
  expect(Array.from(lines[0]!.trimEnd()).filter(isHidden)).toEqual([]);
  expect(JSON.parse(lines[0]!)).toMatchObject({ first, msg: 'run held \u200B' });
});

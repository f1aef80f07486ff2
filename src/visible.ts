// What a terminal obeys, or shows as nothing: control characters (C0, DEL, C1), formats (bidi, zero-width, tags), halves of
// surrogate pairs, separators of lines and paragraphs, and what is invisible by default. Line feeds and tabs are what we
// lay text out with; the two selectors of a presentation stay, because names with emoji have them.
// @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
const INVISIBLE = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;
const HIDDEN = new RegExp(String.raw`(?![\n\t\uFE0E\uFE0F])${INVISIBLE}`, 'gu');
const HIDDEN_IN_LINE = new RegExp(String.raw`(?![\uFE0E\uFE0F])${INVISIBLE}`, 'gu');

/** Text as it may be written: what a terminal would obey is shown by its code point, `\u{1b}`. Line feeds and tabs stay (invariant 11). */
export const visible = (text: string): string => text.replace(HIDDEN, byCodePoint);

/** The same for a text from outside that stands in a line of ours: a line feed would begin a line that looks like ours. */
export const visibleInLine = (text: string): string => text.replace(HIDDEN_IN_LINE, byCodePoint);

/** JSON that says the same and holds no such character: it stays valid, with escapes of JSON (`\u001b`). */
export const visibleJson = (json: string): string => json.replace(HIDDEN, byCodeUnit);

const byCodePoint = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

const byCodeUnit = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');

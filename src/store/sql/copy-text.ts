/** What a cell of a row may be. Dates and ids travel as text. */
export type Cell = string | number | boolean | null | readonly string[];

const NULL = '\\N';
const SPECIAL = /[\\\t\n\r\0]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '' };

/**
 * One line of COPY's text format, with its line end. NUL is left out: Postgres has no way to store it.
 * @see https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.55.9.2
 */
export const copyLine = (cells: readonly Cell[]): string => `${copyCells(cells)}\n`;

/** A part of a line: cells with tabs between them. */
export function copyCells(cells: readonly Cell[]): string {
  let line = '';
  for (let i = 0; i < cells.length; i += 1) line += (i === 0 ? '' : '\t') + copyCell(cells[i] ?? null);
  return line;
}

function copyCell(cell: Cell): string {
  const text = plainText(cell);
  return text === null ? NULL : escape(text);
}

/** A cell as the text that its type reads, for a parameter of a statement. NUL is left out, as in COPY. */
export const cellText = (cell: Cell): string | null => plainText(cell)?.replaceAll('\0', '') ?? null;

function plainText(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell;
  if (typeof cell === 'boolean') return cell ? 't' : 'f';
  if (typeof cell === 'number') return String(cell);
  return arrayLiteral(cell);
}

// Most cells have nothing to escape; the test is cheaper than a replacement that finds nothing.
function escape(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\\t\n\r\0]/g, (character) => ESCAPES[character] ?? '') : text;
}

/** @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

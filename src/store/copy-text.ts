import type { Cell } from './sync-table.js';

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
  if (cell === null) return NULL;
  if (typeof cell === 'string') return escape(cell);
  if (typeof cell === 'boolean') return cell ? 't' : 'f';
  if (typeof cell === 'number') return String(cell);
  return escape(arrayLiteral(cell));
}

// Most cells have nothing to escape; the test is cheaper than a replacement that finds nothing.
function escape(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\\t\n\r\0]/g, (character) => ESCAPES[character] ?? '') : text;
}

/** @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

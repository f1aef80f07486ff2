import Table from 'cli-table3';
import { visibleInLine, visibleJson } from '../visible.js';

/** Rows of facts for a person: aligned columns, no lines that a log would wrap. */
export function formatTable(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  if (rows.length === 0) return '(no rows)\n';
  const none = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
  };
  const bare = {
    ...none,
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  };
  const table = new Table({
    head: head.map(formatValue),
    chars: bare,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => row.map(formatValue)));
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

/** A column of a table by its head. */
export type Column<Row> = readonly [head: string, cell: (row: Row) => unknown];

export const formatColumns = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string =>
  formatTable(
    columns.map(([head]) => head),
    rows.map((row) => columns.map(([, cell]) => cell(row))),
  );

/** A value in one line. The writer makes text visible as well: here it is done for the width of a column. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(formatValue).join(', ');
  return typeof value === 'string' ? visibleInLine(value) : formatJson(value);
}

/** Valid JSON that cannot control a terminal. @param indent of its lines; one line unless given */
export const formatJson = (value: unknown, indent?: number): string =>
  visibleJson(JSON.stringify(value, undefined, indent) ?? '');

export const jsonLine = (fact: object): string => `${formatJson(fact)}\n`;

/** `2 h 05 min`, `3 min 20 s`, `4.2 s`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A count for a person: `12,345`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

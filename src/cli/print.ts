import Table from 'cli-table3';

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
    head: [...head],
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

// Names come from outside: what would move a terminal's cursor is shown, not sent.
const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(formatValue).join(', ');
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  return value.replace(CONTROL, (character) => JSON.stringify(character).slice(1, -1));
}

export const jsonLine = (fact: object): string => `${JSON.stringify(fact)}\n`;

/** `2 h 05 min`, `3 min 20 s`, `4.2 s`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A count for a person: `12,345`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

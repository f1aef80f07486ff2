import type { Run } from '../store/index.js';
import { formatCount, formatDuration } from './print.js';

/** A row under the names of its columns, for `--json`. */
export function toFacts(row: object): Record<string, unknown> {
  const facts = Object.entries(row).map(([name, value]): [string, unknown] => [
    snakeCase(name),
    INSTANT.test(name) ? iso(value) : value,
  ]);
  return Object.fromEntries(facts);
}

const INSTANT = /(^at|At|Until)$/;
const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const iso = (value: unknown) => (typeof value === 'string' ? new Date(value).toISOString() : null);

export const RUN_HEAD = [
  'task',
  'outcome',
  'rows',
  'added',
  'changed',
  'removed',
  'filtered',
  'quarantined',
  'requests',
  'took',
];

export function runRow(run: Run): string[] {
  const counts = [run.added, run.changed, run.removed, run.filtered, run.quarantined, run.requests];
  return [run.task, run.outcome, formatCount(rowsOf(run)), ...counts.map(formatCount), duration(run)];
}

/** The rows that a run found or left in place; those that wait for a word are still there. */
export const rowsOf = (run: Run): number =>
  run.added + run.changed + run.unchanged + (run.outcome === 'held' ? run.removed : 0);

export function duration({ startedAt, endedAt }: Run): string {
  const end = endedAt === null ? Date.now() : Date.parse(endedAt);
  return formatDuration(Math.max(0, end - Date.parse(startedAt)));
}

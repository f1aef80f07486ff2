import { snakeCase } from '../settings/key-names.js';
import type { Run } from '../store/index.js';
import { formatCount, formatDuration, type Column } from './print.js';

/** A row under the names of its columns, for `--json`. */
export function toFacts(row: object): Record<string, unknown> {
  const facts = Object.entries(row).map(([name, value]): [string, unknown] => [
    snakeCase(name),
    INSTANT.test(name) ? iso(value) : value,
  ]);
  return Object.fromEntries(facts);
}

const INSTANT = /(^at|At|Until)$/;
const iso = (value: unknown) => (typeof value === 'string' ? new Date(value).toISOString() : null);

const COUNTS = ['added', 'changed', 'removed', 'filtered', 'quarantined', 'skipped', 'requests'] as const;

/** The columns of runs for a person, by their heads. What could not be read has one only if there is something. */
export function runColumns(runs: readonly Run[]): readonly Column<Run>[] {
  const counts = COUNTS.filter((name) => name !== 'skipped' || isSkipping(runs));
  return [
    ['task', ({ task }) => task],
    ['outcome', ({ outcome }) => outcome],
    ['rows', (run) => formatCount(rowsOf(run))],
    ...counts.map((name): Column<Run> => [name, (run) => formatCount(run[name])]),
    ['took', duration],
  ];
}

/** Whether any of these runs could not read an application or a group. */
export const isSkipping = (runs: readonly Run[]): boolean => runs.some(({ skipped }) => skipped > 0);

/** The rows that a run found or left in place; those that await approval are still there. */
export const rowsOf = (run: Run): number =>
  run.added + run.changed + run.unchanged + (run.outcome === 'held' ? run.removed : 0);

export function duration({ startedAt, endedAt }: Run): string {
  const end = endedAt === null ? Date.now() : Date.parse(endedAt);
  return formatDuration(Math.max(0, end - Date.parse(startedAt)));
}

import type { Run } from '../store/index.js';
import { formatDuration } from './print.js';

/** A run under the names of the view `rollcall.runs`, for `--json`. */
export function runFacts(run: Run): object {
  const facts = Object.entries(run).map(([name, value]): [string, unknown] => [
    snakeCase(name),
    INSTANTS.has(name) ? iso(value) : value,
  ]);
  return Object.fromEntries(facts);
}

const INSTANTS = new Set(['startedAt', 'endedAt', 'waitingUntil']);
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

export function runRow(run: Run): (string | number)[] {
  const rows = run.added + run.changed + run.unchanged;
  return [
    run.task,
    run.outcome,
    rows,
    run.added,
    run.changed,
    run.removed,
    run.filtered,
    run.quarantined,
    run.requests,
    duration(run),
  ];
}

export function duration({ startedAt, endedAt }: Run): string {
  const end = endedAt === null ? Date.now() : Date.parse(endedAt);
  return formatDuration(Math.max(0, end - Date.parse(startedAt)));
}

/** What an operator should know of a run and type next; empty where all is well. */
export function adviceFor(run: Run, isWorkedOn: boolean): string {
  switch (run.outcome) {
    case 'complete':
      return '';
    case 'running':
      if (run.waitingUntil !== null)
        return `Graph asked for a long wait: goes on at ${new Date(run.waitingUntil).toISOString()}.`;
      return isWorkedOn ? '' : `Interrupted. It resumes where it stopped: rollcall sync ${run.task}`;
    case 'partial':
      return `${run.quarantined} items could not be understood and keep their old rows; the table rollcall_data.quarantine says why.`;
    case 'held':
      return run.unchanged + run.added + run.changed === 0
        ? 'Graph answered without a single row that passes the filters. Nothing was removed. Check the tenant, its permissions and the filters, then sync again.'
        : `${run.removed} removals are more than REMOVAL_GUARD_PERCENT allows and were not done. If they are right: REMOVAL_GUARD_PERCENT=100 rollcall sync ${run.task}`;
    case 'failed':
      return `${run.errorMessage ?? 'No reason was kept.'} ${run.errorAdvice ?? ''} Then: rollcall sync ${run.task}`;
    default:
      return run.outcome satisfies never;
  }
}

import type { Run } from '../store/index.js';
import { formatCount, formatDuration } from './print.js';

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

/** A nightly run that has not come by now was missed. */
const STALE_MS = 26 * 60 * 60 * 1000;

/** What an operator should know of a run and type next; empty where all is well. */
export function adviceFor(run: Run, isWorkedOn: boolean): string {
  switch (run.outcome) {
    case 'complete':
      return Date.now() - Date.parse(run.endedAt ?? run.startedAt) > STALE_MS
        ? `This is old: no run since. Is a worker running, and can it log in? To run it now: rollcall sync ${run.task}`
        : '';
    case 'running':
      return isWorkedOn ? '' : waitingOrInterrupted(run);
    case 'partial':
      return `${run.quarantined} items could not be understood and keep their old rows; the table rollcall_data.quarantine says why.`;
    case 'held':
      return heldAdvice(run);
    case 'failed':
      return `${run.errorMessage ?? 'No reason was kept'}. ${run.errorAdvice ?? ''} Then: rollcall sync ${run.task}`;
    default:
      return run.outcome satisfies never;
  }
}

function waitingOrInterrupted({ waitingUntil, task }: Run): string {
  if (waitingUntil !== null && Date.parse(waitingUntil) > Date.now()) {
    return `Graph asked for a long wait: a worker goes on at ${new Date(waitingUntil).toISOString()}.`;
  }
  return `Interrupted. It resumes where it stopped: rollcall sync ${task}`;
}

function heldAdvice(run: Run): string {
  const kept = `${run.removed} rows would have been removed; they are still there.`;
  return run.unchanged + run.added + run.changed === 0
    ? `${kept} Nothing that Graph listed passes the filters: check INCLUDE_GUESTS and DOMAIN_NAMES, the tenant, and the permissions, then sync again.`
    : `${kept} That is more than REMOVAL_GUARD_PERCENT allows. If they are right to go: REMOVAL_GUARD_PERCENT=100 rollcall sync ${run.task}`;
}

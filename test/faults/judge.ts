import type { Ended } from '../support/rollcall.js';
import type { TestDatabase } from '../support/servers/database.js';
import type { FaultCase, TaskName } from './fault-case.js';
import { compare, keyOf, takeSnapshot, type Row, type Snapshot } from './snapshot.js';
import type { Undisturbed } from './stage.js';

export interface LatestRun {
  readonly task: TaskName;
  readonly outcome: string;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly error_advice: string | null;
  readonly skipped: string;
  readonly note: string | null;
  readonly throttled_ms: number;
}

export const TASKS: readonly TaskName[] = ['hr-roster', 'application-discovery', 'sso-roster', 'sso-access'];

/** What the runs, as they ended, say of what happened. */
export function explainRuns({ tasks = TASKS, refuses }: FaultCase, runs: readonly LatestRun[]): string {
  if (refuses !== undefined) return 'refused before anything started';
  const ends = new Map<string, string[]>();
  for (const { task, outcome, error_code: code, skipped } of runs) {
    const end = `${outcome}${code === null ? '' : ` (${code})`}${Number(skipped) > 0 ? `, ${skipped} skipped` : ''}`;
    ends.set(end, [...(ends.get(end) ?? []), task]);
  }
  if (ends.size === 1 && ends.has('complete')) return 'complete';
  return [...ends]
    .filter(([end]) => end !== 'complete')
    .map(([end, which]) => `${which.length === tasks.length ? 'every task' : which.join(', ')} ${end}`)
    .join('; ');
}

/** Whether every run ended as it must, and says what to do where it did not end well. */
export function judgeRuns(fault: FaultCase, runs: readonly LatestRun[], { code, err, out }: Ended): string[] {
  const { tasks = TASKS, fails = {}, partial = {}, refuses } = fault;
  const problems: string[] = [];
  const good = refuses === undefined && Object.keys(fails).length + Object.keys(partial).length === 0;
  if (code !== (good ? 0 : 1)) problems.push(`the program ended with ${code}: ${err}`);
  if (/emulator-only|eyJ/.test(err + out)) problems.push('the program shows a secret or a token');
  if (refuses !== undefined) {
    if (!err.includes(refuses) || !err.includes('What to do:')) problems.push(`it said ${err}`);
    if (runs.length > 0) problems.push('a run was opened');
    return problems;
  }
  for (const task of tasks) {
    const run = runs.find((each) => each.task === task);
    const wanted = fails[task] ?? (partial[task] === undefined ? 'complete' : 'partial');
    const found = run?.outcome === 'failed' ? run.error_code : run?.outcome;
    if (found !== wanted) problems.push(`${task} ended ${found}, not ${wanted}: ${run?.error_message}`);
    if (run?.outcome === 'failed' && !run.error_advice) problems.push(`${task} failed without advice`);
  }
  return problems;
}

export interface JudgeRows {
  readonly database: TestDatabase;
  readonly undisturbed: Undisturbed;
  readonly boundary: number;
  /** After the run that follows: everything must be as after the undisturbed one. */
  readonly isHealed?: boolean;
}

/** Whether every row is as it must be: new where the task landed, as before where it did not. */
export async function judgeRows(
  fault: FaultCase,
  runs: readonly LatestRun[],
  { database, undisturbed, boundary, isHealed = false }: JudgeRows,
): Promise<{ lost: number; problems: string[] }> {
  const actual = await takeSnapshot(database, boundary);
  const { before, after } = undisturbed;
  const problems: string[] = [];
  let lost = 0;
  for (const task of TASKS) {
    const outcome = runs.find((run) => run.task === task)?.outcome;
    const landed = outcome === 'complete' || outcome === 'partial';
    const isSpecial = fault.partial?.[task] !== undefined || fault.keeps !== undefined || fault.alters !== undefined;
    const expected = landed ? (isHealed ? after[task] : special(fault, before[task], after[task])) : before[task];
    // What was mended in a second step is a change of its own; what follows from rows is looked at by itself below.
    const left = isSpecial ? ['changes', 'quarantine', 'sso_grants', 'skipped_parents'] : [];
    const { lost: gone, differences } = compare(without(expected, left), without(actual[task], left));
    lost += gone;
    problems.push(...differences.slice(0, 5));
    if (!isHealed) problems.push(...judgeQuarantine(fault.partial?.[task], actual[task]?.['quarantine']));
    else if (actual[task]?.['quarantine'] !== undefined) problems.push('something still lies in quarantine');
    else if (actual[task]?.['skipped_parents'] !== undefined) problems.push('something is still skipped');
  }
  const kept = await database.rows('select run_id from rollcall_staging.checkpoints');
  const isOver = runs.length > 0 && runs.every(({ outcome }) => outcome !== 'failed' && outcome !== 'running');
  if (isOver && kept.length > 0) problems.push('a checkpoint outlived its run');
  return { lost, problems };
}

type Tables = Snapshot[string];

function special({ keeps, alters }: FaultCase, before: Tables = {}, after: Tables = {}): Tables {
  const rows = (table: string): readonly Row[] => {
    const isKept = (row: Row) => keeps?.(table, row) === true;
    const kept = new Set((after[table] ?? []).filter(isKept).map((row) => keyOf(table, row)));
    const fresh = (after[table] ?? []).filter((row) => !isKept(row));
    const old = (before[table] ?? []).filter((row) => isKept(row) || kept.has(keyOf(table, row)));
    return [...fresh.map((row) => alters?.(table, row) ?? row), ...old];
  };
  const tables = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries([...tables].map((table) => [table, rows(table)]));
}

const without = (tables: Tables = {}, names: readonly string[]): Tables =>
  Object.fromEntries(Object.entries(tables).filter(([name]) => !names.includes(name)));

function judgeQuarantine(reasons: readonly string[] = [], rows: readonly Row[] = []): string[] {
  const found = rows.map((row) => String(row['reason']));
  if (found.length !== reasons.length)
    return [`${found.length} items in quarantine, not ${reasons.length}: ${found.join(' | ')}`];
  return reasons
    .filter((reason) => !found.some((each) => each.includes(reason)))
    .map((reason) => `nothing in quarantine says ${reason}: ${found.join(' | ')}`);
}

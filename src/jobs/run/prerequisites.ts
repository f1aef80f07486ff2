import { RollcallError } from '../../errors.js';
import { landings, latestRuns, type Database, type Run } from '../../store/index.js';
import type { Task } from '../task.js';

/**
 * Notes on a run whose prerequisites are older than they should be; null if they are not.
 * @throws RollcallError `needs_missing` if a prerequisite has never landed
 */
export async function noteOnPrerequisites(task: Task, database: Database, tenantId: string): Promise<string | null> {
  const landed = task.dependsOn.length === 0 ? new Map<string, string>() : await landings(database, tenantId);
  for (const need of task.dependsOn) if (!landed.has(need)) throw missing(task.name, need);
  const failed = (await lastRuns(database, tenantId, task.dependsOn)).filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'cancelled',
  );
  const notes = failed.map(
    (run) =>
      `${run.task} ${run.outcome === 'failed' ? 'failed' : 'was cancelled'}; its rows are those of ${isoDate(landed.get(run.task))}.`,
  );
  return notes.length === 0 ? null : notes.join(' ');
}

/** The tasks in the order of their dependencies, with the prerequisites that have never landed. */
export async function withPrerequisites(
  chosen: readonly Task[],
  { database, tenantId, tasks }: { database: Database; tenantId: string; tasks: readonly Task[] },
): Promise<Task[]> {
  const landed = await landings(database, tenantId);
  const wanted = new Set(chosen);
  // The loop also visits what it adds to the set.
  for (const task of wanted) {
    for (const need of tasks.filter(({ name }) => task.dependsOn.includes(name) && !landed.has(name))) wanted.add(need);
  }
  return tasks.filter((task) => wanted.has(task));
}

export async function lastRuns(database: Database, tenantId: string, names: readonly string[]): Promise<Run[]> {
  if (names.length === 0) return [];
  return (await latestRuns(database, tenantId)).filter(({ task }) => names.includes(task));
}

const isoDate = (date: string | undefined) => (date === undefined ? 'never' : new Date(date).toISOString());

function missing(task: string, need: string): RollcallError {
  return new RollcallError(
    'needs_missing',
    `${task} builds on ${need}, which has never been read`,
    `See why ${need} has not landed (rollcall status), fix that, then run: rollcall sync ${need} ${task}`,
  );
}

import { randomUUID } from 'node:crypto';
import { RollcallError } from '../../errors.js';
import { dropStaging, eachDifference, tryLockRun, type Owner, type RowDifference } from '../../store/index.js';
import type { Task } from '../task.js';
import { readCollections, resume, type RunContext } from './attempt.js';
import { plan, type Landing } from './land.js';
import { noteOnPrerequisites } from './prerequisites.js';
import { dryRunStream } from './read-stream.js';

export interface DryRunOptions {
  readonly full?: boolean;
  /** Called with every row that would be added, changed or removed. */
  readonly onDifferences?: ((table: string, rows: readonly RowDifference[]) => void) | undefined;
}

/**
 * Reads and compares like a run, but writes only staging, and deletes that.
 */
export async function dryRun(
  task: Task,
  tenantId: string,
  context: RunContext,
  { full = false, onDifferences }: DryRunOptions = {},
): Promise<Landing> {
  const { database, filters, settings } = context;
  const owner: Owner = { id: randomUUID(), attempt: 1, tenantId, task: task.name };
  await noteOnPrerequisites(task, database, tenantId);
  const lock = await tryLockRun(database, owner);
  if (lock === undefined) throw busy(task.name);
  try {
    const attempt = await resume(task, owner, context);
    const { progress, reader: graph } = attempt;
    await readCollections(attempt, full);
    const { stream } = task;
    const onRowsOf = (table: string) =>
      onDifferences && ((rows: readonly RowDifference[]) => onDifferences(table, rows));
    const streamed =
      stream === undefined
        ? {}
        : await dryRunStream({ database, graph, owner, stream, filters, progress, full }, onRowsOf(stream.table.name));
    const { outcome, counts, doubts } = await database.transaction(async ({ db }) => {
      const planned = await plan(db, { task, owner, filters, progress, settings });
      for (const { table } of task.collections) {
        const onRows = onRowsOf(table.name);
        if (onRows !== undefined) await eachDifference(db, { table, owner }, onRows);
      }
      return planned;
    });
    return { outcome, counts: { ...counts, ...streamed }, doubts };
  } finally {
    await database.transaction(({ db }) => dropStaging(db, owner, { only: owner.id })).catch(() => {});
    lock.release();
  }
}

function busy(task: string): RollcallError {
  return new RollcallError(
    'busy',
    `${task} is running now`,
    'Wait until it has ended (rollcall status), then try again.',
  );
}

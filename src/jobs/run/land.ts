import { isDeepStrictEqual } from 'node:util';
import {
  diff,
  discardHeld,
  dropStaging,
  endRun,
  findCursor,
  forgetPosition,
  isHeld,
  merge,
  moveCursor,
  refreshStatistics,
  stampEnd,
  TakenOver,
  type Difference,
  type EndedOutcome,
  type Owner,
  type Run,
  type RunCounts,
  type Session,
} from '../../store/index.js';
import { stopsSweep } from '../doubts.js';
import type { Collection, Filters, RunSettings, Task } from '../task.js';
import { doubtsOf, progressOf, readCounts, type Progress } from './progress.js';
import { listSkipped, recordSkipped } from './parents/skipped-parents.js';

export interface Landing {
  readonly outcome: EndedOutcome;
  readonly counts: RunCounts;
  /** Why the read is not proven complete, besides what was quarantined and skipped: a sentence each. */
  readonly doubts: readonly string[];
}

export interface PlanOptions {
  readonly task: Task;
  readonly owner: Owner;
  readonly filters: Filters;
  readonly progress: Progress;
  readonly settings: RunSettings;
}

/**
 * Diff, guard, merge: in one transaction a complete read becomes what analysts see, and the run ends. If anything fails, nothing
 * has happened, and the staging is still there for another try.
 * @throws TakenOver if another attempt has ended the run
 */
export async function land(db: Session['db'], run: Run, options: Omit<PlanOptions, 'owner'>): Promise<Landing> {
  const { task, filters, progress } = options;
  const { compared, outcome, counts, doubts } = await plan(db, { ...options, owner: run });
  if (!(await endRun(db, run, outcome, { ...counts, doubts })))
    throw new TakenOver(`run ${run.id} has ended elsewhere`);
  await discardHeld(db, run);
  for (const { collection, difference, cursor: before } of compared) {
    const { resource, table, scope } = collection;
    const { id: runId, tenantId } = run;
    const held = outcome === 'held';
    const { delta, cursor, doubts: known } = progressOf(progress, resource);
    const firstLoad = before === undefined && difference.live === 0;
    const settings = { tenantId, runId, task: task.name, resource, held, firstLoad, delta: delta !== undefined };
    await merge(db, table, { ...settings, difference });
    await refreshStatistics(db, table.sql, sizeOf(difference));
    // The filters of a held run have not taken effect: the next run must still see that they differ.
    if (held) await forgetPosition(db, { tenantId, task: task.name, resource });
    else {
      // A delta does not repeat an item that was quarantined or not shown, so the next run reads everything.
      const position = outcome === 'complete' ? (cursor ?? null) : null;
      const fullReadAt = delta === undefined ? new Date().toISOString() : (before?.fullReadAt ?? null);
      // Rows that were not met were not compared under these filters: the run that does must see that the filters have changed.
      const isSwept = before === undefined || !known.some(stopsSweep);
      const readUnder = isSwept ? scope(filters) : before.scope;
      await moveCursor(db, { tenantId, task: task.name, resource, scope: readUnder, position, fullReadAt, runId });
    }
  }
  await recordSkipped(db, task, run);
  await task.refreshDerived?.(db, run);
  await dropStaging(db, run, { only: run.id });
  await stampEnd(db, run);
  return { outcome, counts, doubts };
}

const sizeOf = ({ added, changed, removed }: Difference) => added + changed + removed;

/** What a run would do, and how it would end; changes nothing but staging. */
export async function plan(db: Session['db'], { task, owner, filters, progress, settings }: PlanOptions) {
  const compared = [];
  let filtersChanged = false;
  for (const collection of task.collections) {
    const { resource, table, parents } = collection;
    const cursor = await findCursor(db, { tenantId: owner.tenantId, task: task.name, resource });
    filtersChanged ||= cursor !== undefined && differs(cursor.scope, collection, filters);
    const { unidentified, delta, doubts } = progressOf(progress, resource);
    const sweep = delta === undefined && unidentified === 0 && !doubts.some(stopsSweep);
    const difference = await diff(db, table, {
      owner,
      sweep,
      delta: delta !== undefined,
      parentProperty: parents?.property,
    });
    compared.push({ collection, difference, cursor });
  }
  const differences = compared.map(({ difference }) => difference);
  const skippedParents = await listSkipped(db, task, owner);
  const counts = { ...withDifferences(readCounts(progress), differences), skippedParents };
  const doubts = doubtsOf(progress);
  const held = isHeld(differences, { percent: settings.removalGuardPercent, filtersChanged });
  const outcome: EndedOutcome = held ? 'held' : outcomeOf({ ...counts, doubts });
  return { compared, outcome, counts, doubts };
}

export const outcomeOf = (run: Pick<Run, 'quarantined' | 'skipped' | 'doubts'>): 'partial' | 'complete' =>
  run.quarantined > 0 || run.skipped > 0 || run.doubts.length > 0 ? 'partial' : 'complete';

function differs(scope: unknown, collection: Collection, filters: Filters): boolean {
  const before = typeof scope === 'object' && scope !== null && 'filters' in scope ? scope.filters : undefined;
  return !isDeepStrictEqual(before, JSON.parse(JSON.stringify(collection.scope(filters).filters)));
}

function withDifferences(counts: RunCounts, differences: readonly Difference[]): RunCounts {
  const sum = (name: 'added' | 'changed' | 'removed' | 'unchanged') =>
    differences.reduce((total, difference) => total + difference[name], counts[name]);
  return {
    ...counts,
    added: sum('added'),
    changed: sum('changed'),
    removed: sum('removed'),
    unchanged: sum('unchanged'),
  };
}

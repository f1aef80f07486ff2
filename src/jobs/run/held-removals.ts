import { RollcallError } from '../../errors.js';
import {
  countHeld,
  discardHeld,
  dropStaging,
  releaseHeld,
  settleHeldRun,
  tryLockRun,
  type Database,
  type Run,
  type Session,
} from '../../store/index.js';
import { taskNamed } from '../registry.js';
import { outcomeOf } from './land.js';

/** Called in the transaction of a decision, with the number of rows. */
export type OnDecided = (db: Session['db'], rows: number) => Promise<void>;

/**
 * Carries out a held run's removals, exactly those on its list that are still there, in one transaction with what is derived
 * from them. The run is complete then.
 * @returns how many rows were removed
 * @throws RollcallError `not_held`, `busy`
 */
export function releaseRun(database: Database, run: Run, onDecided?: OnDecided): Promise<number> {
  const { collections, refreshDerived } = taskNamed(run.task);
  return decide(database, run, async (db) => {
    let removed = 0;
    for (const { table, resource } of collections) removed += await releaseHeld(db, table, { owner: run, resource });
    await refreshDerived?.(db, run);
    await discardHeld(db, run);
    await dropStaging(db, run, { only: run.id });
    const note = noteAfter(run, `An operator released its ${removed} removals on ${new Date().toISOString()}.`);
    await onDecided?.(db, removed);
    return { removed, decision: { outcome: outcomeOf(run), removed, note } };
  });
}

/**
 * Discards a held run's removals: the rows stay until a later run misses them again.
 * @returns how many there were
 * @throws RollcallError `not_held`, `busy`
 */
export function discardRun(database: Database, run: Run, onDecided?: OnDecided): Promise<number> {
  return decide(database, run, async (db) => {
    const removed = await discardHeld(db, run);
    const note = noteAfter(run, `An operator discarded its removals on ${new Date().toISOString()}.`);
    await onDecided?.(db, removed);
    return { removed, decision: { note } };
  });
}

/** An operator's decision does not settle the doubts of a run. */
const noteAfter = ({ doubts }: Run, decision: string): string => [...doubts, decision].join(' ');

interface Decided {
  readonly removed: number;
  readonly decision: Parameters<typeof settleHeldRun>[2];
}

async function decide(database: Database, run: Run, work: (db: Session['db']) => Promise<Decided>): Promise<number> {
  if (run.outcome !== 'held' || (await countHeld(database, run.id)) === 0) throw notHeld(run);
  const lock = await tryLockRun(database, run);
  if (lock === undefined) {
    const advice = 'Its result replaces this decision. Wait until it has ended, then see: rollcall status';
    throw new RollcallError('busy', `Another run of ${run.task} is running`, advice);
  }
  try {
    return await database.transaction(async ({ db }) => {
      const { removed, decision } = await work(db);
      if (!(await settleHeldRun(db, run.id, decision))) throw notHeld(run);
      return removed;
    });
  } finally {
    lock.release();
  }
}

function notHeld({ id, outcome, task }: Run): RollcallError {
  const found = outcome === 'held' ? 'was held, and a later run or an operator has decided it since' : `is ${outcome}`;
  return new RollcallError(
    'not_held',
    `Run ${id} of ${task} ${found}; expected a held run whose removals await approval`,
    'See which runs are held: rollcall runs --outcome held',
  );
}

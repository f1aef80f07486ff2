import { RollcallError } from '../../errors.js';
import { reopenRun, type Database, type Run, type Session } from '../../store/index.js';

/**
 * Reopens an ended run, so that a job can resume it.
 * @param onReopened called in the transaction
 * @throws RollcallError `not_replayable`
 */
export async function reopen(
  run: Run,
  database: Database,
  onReopened?: (db: Session['db']) => Promise<void>,
): Promise<Run> {
  if (run.outcome === 'complete') {
    throw notReplayable(run, 'is complete', `To read again: rollcall sync ${run.task}`);
  }
  if (run.endedAt === null) {
    throw notReplayable(run, 'has not ended', `A running worker resumes it by itself, or: rollcall sync ${run.task}`);
  }
  const reopened = await database.transaction(async ({ db }) => {
    const reopened = await reopenRun(db, run.id);
    if (reopened !== undefined) await onReopened?.(db);
    return reopened;
  });
  if (reopened !== undefined) return reopened;
  const advice = `See how that one ended: rollcall runs --task ${run.task}`;
  throw notReplayable(run, 'is not the last one: a later run of its task has replaced it', advice);
}

const notReplayable = ({ id, task }: Run, why: string, advice: string) =>
  new RollcallError(
    'not_replayable',
    `Run ${id} of ${task} ${why}; expected a failed, partial, held or cancelled run`,
    advice,
  );

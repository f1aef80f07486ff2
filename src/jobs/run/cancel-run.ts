import { sql } from 'drizzle-orm';
import { RollcallError, systemCode } from '../../errors.js';
import {
  cancelOpenRun,
  checkpointOf,
  findRun,
  type Database,
  type Operator,
  type Run,
  type Session,
} from '../../store/index.js';
import { newProgress, readCounts, toProgress } from './progress.js';

/** How long to wait for a landing, which is one transaction. */
const LONGEST_LANDING = '20s';
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Ends a run that has not ended, running or waiting. Its worker notices within a second. The run keeps its checkpoint, so a
 * replay resumes there. If it is landing at this moment, either all of it lands and the run cannot be cancelled, or none of it.
 * Windows of sign-ins that have landed stay.
 * @param onCancelled called in the transaction
 * @returns the run as it ended
 * @throws RollcallError `not_cancellable`, `busy`
 */
export async function cancelRun(
  database: Database,
  run: Run,
  { actor, host }: Pick<Operator, 'actor' | 'host'>,
  onCancelled?: (db: Session['db'], run: Run) => Promise<void>,
): Promise<Run> {
  const counts = readCounts(toProgress(await checkpointOf(database, run.id)) ?? newProgress());
  const message = `Cancelled by ${actor} on ${host} at ${new Date().toISOString()}`;
  const advice = `Its rows are those of the run before. To resume it where it stopped: rollcall replay ${run.id}`;
  try {
    return await database.transaction(async ({ db }) => {
      await db.execute(sql`select pg_catalog.set_config('lock_timeout', ${LONGEST_LANDING}, true)`);
      const cancelled = await cancelOpenRun(db, run.id, { counts, message, advice });
      if (cancelled === undefined) throw notCancellable((await findRun(database, run.id)) ?? run);
      await onCancelled?.(db, cancelled);
      return cancelled;
    });
  } catch (error) {
    throw systemCode(error) === LOCK_NOT_AVAILABLE ? isLanding(run, error) : error;
  }
}

const notCancellable = ({ id, task, outcome, endedAt }: Run) =>
  new RollcallError(
    'not_cancellable',
    `Run ${id} of ${task} ended ${outcome}${endedAt === null ? '' : ` at ${new Date(endedAt).toISOString()}`}; expected a run that has not ended`,
    'See what is running: rollcall runs --outcome running',
  );

const isLanding = ({ id, task }: Run, cause: unknown) =>
  new RollcallError(
    'busy',
    `Run ${id} of ${task} has read everything and is writing it, for more than ${LONGEST_LANDING.replace('s', ' s')} now`,
    'Wait until it has ended: rollcall status. If it is held then, rollcall discard keeps the rows that it would remove.',
    { cause },
  );

import { RollcallError } from '../../errors.js';
import { saveCheckpoint, type Database, type Run } from '../../store/index.js';
import { readCounts, type Progress } from './progress.js';

/** Every interrupted attempt asks Graph for the same page again, so their number is limited. */
const MOST_IDLE = 20;

/**
 * Counts the attempts in a row that were interrupted before they had read a page: the worker was killed or lost its connection.
 * An attempt that is told to wait or to stop does not count.
 * @throws RollcallError `no_progress` if there are too many
 */
export async function countIdle(database: Database, run: Run, progress: Progress): Promise<void> {
  const { pages } = readCounts(progress);
  const hasMoved = run.attempt === 1 || pages > progress.idlePages;
  progress.idle = hasMoved ? 0 : progress.idle + 1;
  progress.idlePages = pages;
  const isStuck = progress.idle >= MOST_IDLE;
  // A replay counts from zero.
  await saveCheckpoint(database, run, isStuck ? { ...progress, idle: 0 } : progress);
  if (!isStuck) return;
  throw new RollcallError(
    'no_progress',
    `The run was interrupted ${MOST_IDLE} times in a row before it had read a page`,
    `The log of the worker says why: it was killed (memory?), or its connection to the database was ended (idle timeouts of a pooler or a firewall). Then: rollcall replay ${run.id}`,
  );
}

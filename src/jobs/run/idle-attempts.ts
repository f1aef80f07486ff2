import { RollcallError } from '../../errors.js';
import { saveCheckpoint, type Database, type Run } from '../../store/index.js';
import { readCounts, type Progress } from './progress.js';

/** So often in a row a run may be interrupted without a page. Every attempt asks Graph for the same again. */
const MOST_IDLE = 20;

/**
 * Counts an attempt at a run that gets no further: its worker is killed, or loses its connection, each time before a page is in.
 * An attempt that is told to wait or to stop takes itself off the count again.
 * @throws RollcallError `no_progress` if it is one too many
 */
export async function countIdle(database: Database, run: Run, progress: Progress): Promise<void> {
  const { pages } = readCounts(progress);
  const hasMoved = run.attempt === 1 || pages > progress.idlePages;
  progress.idle = hasMoved ? 0 : progress.idle + 1;
  progress.idlePages = pages;
  const isStuck = progress.idle >= MOST_IDLE;
  // A replay begins to count again.
  await saveCheckpoint(database, run, isStuck ? { ...progress, idle: 0 } : progress);
  if (!isStuck) return;
  throw new RollcallError(
    'no_progress',
    `The run was interrupted ${MOST_IDLE} times in a row before it had read a page`,
    `The log of the worker says why: it was killed (memory?), or its connection to the database was ended (idle timeouts of a pooler or a firewall). Then: rollcall replay ${run.id}`,
  );
}

import { RollcallError } from '../errors.js';
import type { Database, Run } from '../store/index.js';

/** @throws RollcallError `not_found` */
export async function requireRun(database: Database, id: string): Promise<Run> {
  const { findRun } = await import('../store/index.js');
  const run = await findRun(database, id);
  if (run !== undefined) return run;
  throw new RollcallError('not_found', `There is no run ${id}`, 'See which there are: rollcall runs');
}

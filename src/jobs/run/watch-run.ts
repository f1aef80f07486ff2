import { findRun, TakenOver, type Database, type Run } from '../../store/index.js';

/** How soon a worker notices that its run was cancelled. It costs one row by its key. */
const CANCELLED_POLL_MS = 1000;

/** Aborted with `TakenOver` once the run has ended elsewhere: an operator has cancelled it, or its tenant is gone. */
export interface RunWatch {
  readonly ended: AbortSignal;
  stop(): void;
}

export function watchRun(database: Database, { id }: Run): RunWatch {
  const controller = new AbortController();
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    // If the database is away, the run fails by itself.
    const run = await findRun(database, id).catch(() => 'unknown' as const);
    looking = false;
    if (run !== 'unknown' && run?.endedAt !== null) controller.abort(new TakenOver(`run ${id} has ended elsewhere`));
  };
  const timer = setInterval(() => void look(), CANCELLED_POLL_MS);
  return { ended: controller.signal, stop: () => clearInterval(timer) };
}

import { readFile, stat, utimes } from 'node:fs/promises';
import { writeWhole } from '../write-whole.js';
import { failure, USE_ANOTHER } from './failure.js';
import type { Layout } from './layout.js';
import { until } from './pause.js';
import { place } from './place.js';

const BEAT_MS = 1_000;
const WATCH_MS = 5_000;

/** Names the place that can see the server's processes. */
export function markInUse({ inUse }: Layout): Promise<void> {
  return writeWhole(inUse, place(), 0o644);
}

/** Shows other containers that the server is in use while this process lives. @returns stops it */
export function keepMark({ inUse }: Layout): () => void {
  const timer = setInterval(() => void utimes(inUse, new Date(), new Date()).catch(() => undefined), BEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Two servers on one cluster destroy it, and the process id in the cluster means nothing in another container. Called if that
 * process seems to be dead.
 * @throws RollcallError `embedded_postgres_failed` if another container uses the cluster now
 */
export async function refuseIfUsedElsewhere({ inUse, data }: Layout): Promise<void> {
  const where = await readFile(inUse, 'utf8').catch(() => undefined);
  if (where === undefined || where === place()) return;
  const lastBeat = await readBeat(inUse);
  if (!(await until(async () => (await readBeat(inUse)) !== lastBeat, WATCH_MS, 200))) return;
  throw failure(
    `Another container or machine runs a Postgres on ${data}, and two on one folder destroy it`,
    `Give each its own ROLLCALL_HOME, ${USE_ANOTHER} for all of them.`,
  );
}

async function readBeat(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}

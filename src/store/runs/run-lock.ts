import type { Database } from '../database.js';
import { endSession, isLocked, tryLock } from '../locks/session-locks.js';

/** Held while one process works on one task of one tenant. */
export interface RunLock {
  /** Aborted when the connection that holds the lock breaks: Postgres has then given the lock away. */
  readonly lost: AbortSignal;
  release(): void;
}

export interface LockName {
  readonly tenantId: string;
  readonly task: string;
}

const nameOf = ({ tenantId, task }: LockName) => `run ${tenantId} ${task}`;

/**
 * A lock that lives as long as its connection: a killed process loses it at once, with nothing to expire or clean up, and
 * a machine that vanished loses it when the server's keep-alives find nobody, within a minute.
 * @returns undefined where another process holds it
 */
export async function tryLockRun({ pool }: Database, name: LockName): Promise<RunLock | undefined> {
  const client = await pool.connect();
  const lost = new AbortController();
  const onError = (error: Error) => lost.abort(error);
  client.on('error', onError);
  try {
    const lock = await tryLock(client, nameOf(name), 'exclusive');
    if (lock !== undefined) return { lost: lost.signal, release: () => endSession(client, [lock]) };
  } catch (error) {
    endSession(client, []);
    throw error;
  }
  client.off('error', onError);
  client.release();
  return undefined;
}

/** Whether some process works on it right now. */
export const isRunLocked = ({ pool }: Database, name: LockName): Promise<boolean> => isLocked(pool, nameOf(name));

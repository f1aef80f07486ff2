import { rootCause, RollcallError } from '../errors.js';
import { bringUp } from './bring-up.js';
import { findServer } from './find-server.js';
import { pause } from './pause.js';
import { announcePresence, type Presence } from './presence.js';
import { ensureProductDatabase } from './product-database.js';
import type { Server } from './server.js';
import { stopServer } from './stop-server.js';

/** Our use of the server: its port, and the connection that shows other processes that we use it. */
export interface Membership {
  readonly port: number;
  readonly presence: Presence;
}

const ATTEMPTS = 3;
const BETWEEN_ATTEMPTS_MS = 300;

/**
 * Starts or joins the server, and makes sure it has the product's database. All functions here are called under the lock, so
 * that no process joins between another's count and stop.
 * @param onLost called if the server ends our connection before we leave
 */
export async function enter(server: Server, onLost: () => void, fixedPort?: number): Promise<Membership> {
  for (let attempt = 1; ; attempt++) {
    const port = await bringUp(server, fixedPort);
    try {
      return { port, presence: await announce(server, port, onLost) };
    } catch (error) {
      if (attempt === ATTEMPTS || error instanceof RollcallError) {
        await leave(server).catch(() => undefined);
        throw error;
      }
      // It has just died.
      server.log.warn({ cause: String(rootCause(error)) }, 'the embedded Postgres broke off; looking again');
      await pause(BETWEEN_ATTEMPTS_MS);
    }
  }
}

async function announce({ credentials }: Server, port: number, onLost: () => void): Promise<Presence> {
  const presence = await announcePresence(port, credentials.superuser, onLost);
  try {
    await ensureProductDatabase(port, credentials);
    return presence;
  } catch (error) {
    await presence.leave();
    throw error;
  }
}

/** Leaves, and stops the server if no other process uses it. */
export async function leave(server: Server, presence?: Presence): Promise<void> {
  // A broken connection means that the server died; another process may have restarted it, so count on a new one.
  const others = await (presence?.countOthers() ?? Promise.reject(new Error('none'))).catch(() =>
    countPresences(server),
  );
  await presence?.leave();
  if (others === 0) await stopServer(server);
}

async function countPresences(server: Server): Promise<number> {
  const port = await findServer(server);
  if (port === undefined) return 0;
  const presence = await announcePresence(port, server.credentials.superuser, () => undefined);
  const others = await presence.countOthers();
  await presence.leave();
  return others;
}

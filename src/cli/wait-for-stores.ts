import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallError, systemCode } from '../errors.js';
import { seldom, type Logger } from '../log.js';
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** What a server that is not up yet, or not reachable yet, is known by. An unknown host or a wrong password does not fix itself. */
const NOT_YET = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|57P03)$/;

/**
 * Opens what needs the database and the queue; if one of them is not up yet, tries again with growing pauses, and says so at most
 * once a minute.
 * @returns undefined if told to stop before
 */
export async function waitForStores<T>(
  open: () => Promise<T>,
  log: Logger,
  signal: AbortSignal,
): Promise<T | undefined> {
  const say = seldom(({ code }) => log.warn(code));
  for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    try {
      return await open();
    } catch (error) {
      if (!isNotYet(error)) throw error;
      say(`${error.message}. Waiting for it`);
      await sleep(wait, undefined, { signal }).catch(() => {});
    }
  }
  return undefined;
}

const isNotYet = (error: unknown): error is RollcallError =>
  error instanceof RollcallError &&
  (error.code === 'database_unreachable' || error.code === 'queue_unreachable') &&
  NOT_YET.test(systemCode(error) ?? '');

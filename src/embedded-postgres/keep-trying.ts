import type { Logger } from '../log.js';
import { rootCause } from '../errors.js';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** Retries until it succeeds or is cancelled, at growing intervals that do not keep the process alive. */
export async function keepTrying(work: () => Promise<void>, isOver: () => boolean, log: Logger): Promise<void> {
  for (let wait = FIRST_MS; !isOver(); wait = Math.min(2 * wait, LONGEST_MS)) {
    try {
      return await work();
    } catch (error) {
      log.error({ error: String(error), cause: String(rootCause(error)) }, 'the embedded Postgres cannot be started');
    }
    await new Promise((resolve) => {
      setTimeout(resolve, wait).unref();
    });
  }
}

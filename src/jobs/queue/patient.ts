import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendFactory, IQueueBackend } from 'bullmq';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;

/**
 * Asks for a job again after growing pauses if the store refuses, because it is full or read-only. BullMQ itself waits only if
 * the connection is gone, and otherwise asks more than a thousand times a second.
 * @param ending ends a pause
 */
export function patient<B extends IQueueBackend, C>(
  factory: BackendFactory<B, C>,
  ending: AbortSignal,
): BackendFactory<B, C> {
  return (...args) => {
    const backend = factory(...args);
    const take = backend.moveToActive.bind(backend);
    let failures = 0;
    backend.moveToActive = async (...asked) => {
      try {
        const job = await take(...asked);
        failures = 0;
        return job;
      } catch (error) {
        const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
        failures += 1;
        await sleep(wait, undefined, { signal: ending }).catch(() => {});
        throw error;
      }
    };
    return backend;
  };
}

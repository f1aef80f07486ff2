import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for something that happens elsewhere, however long a busy machine takes; the test's own limit ends it. */
export async function until(reached: () => boolean | Promise<boolean>, everyMs = 20): Promise<void> {
  while (!(await reached())) await sleep(everyMs);
}

import { setTimeout } from 'node:timers/promises';

/** Waits, in milliseconds. */
export function pause(ms: number): Promise<void> {
  return setTimeout(ms);
}

/** Asks again and again until the answer is yes. @returns whether it was, within that many milliseconds */
export async function until(isSo: () => Promise<boolean>, withinMs: number, everyMs = 20): Promise<boolean> {
  const end = performance.now() + withinMs;
  for (;;) {
    if (await isSo()) return true;
    if (performance.now() >= end) return false;
    await pause(everyMs);
  }
}

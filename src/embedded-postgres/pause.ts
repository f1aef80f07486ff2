import { setTimeout } from 'node:timers/promises';

export function pause(ms: number): Promise<void> {
  return setTimeout(ms);
}

/** Polls until the answer is true. @returns whether it was within that many milliseconds */
export async function until(isSo: () => Promise<boolean>, withinMs: number, everyMs = 20): Promise<boolean> {
  const end = performance.now() + withinMs;
  for (;;) {
    if (await isSo()) return true;
    if (performance.now() >= end) return false;
    await pause(everyMs);
  }
}

import type { Logger } from '../log.js';
import { findLeftBehind } from './inspect-process.js';
import type { Layout } from './layout.js';
import { until } from './pause.js';
import { readPostmasterFile } from './postmaster-file.js';

const NOTICE_MS = 1_000;
const LEAVE_MS = 5_000;

/**
 * Ends the processes of a killed server. One in a long query notices late that its server is gone, and a new server refuses to
 * start until it has ended. No work is lost: without their server no transaction can commit.
 * @returns whether none is left; false if one of them is a server that is just starting
 */
export async function endLeftBehind({ data }: Layout, log: Logger): Promise<boolean> {
  const settled = async () =>
    (await readPostmasterFile(data)) !== undefined || (await findLeftBehind(data)).length === 0;
  if (!(await until(settled, NOTICE_MS, 50))) {
    for (const pid of await findLeftBehind(data)) {
      log.warn({ pid }, 'ending what a killed embedded Postgres left behind');
      // Postgres exits at once. It may have ended already.
      endAtOnce(pid);
    }
    await until(settled, LEAVE_MS, 50);
  }
  return (await readPostmasterFile(data)) === undefined;
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // Gone.
  }
}

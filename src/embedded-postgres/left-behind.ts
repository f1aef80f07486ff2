import type { Logger } from '../log.js';
import { findLeftBehind } from './inspect-process.js';
import type { Layout } from './layout.js';
import { until } from './pause.js';
import { readPostmasterFile } from './postmaster-file.js';

const NOTICE_MS = 1_000;
const LEAVE_MS = 5_000;

/**
 * The processes of a killed server end when they notice; one in a long query notices late, and a new server refuses to
 * start beside it. Nothing they do can be saved: without their server no transaction of theirs can commit.
 * @returns whether none is left; false where one of them turned out to be a server that is just starting
 */
export async function endLeftBehind({ data }: Layout, log: Logger): Promise<boolean> {
  const settled = async () =>
    (await readPostmasterFile(data)) !== undefined || (await findLeftBehind(data)).length === 0;
  if (!(await until(settled, NOTICE_MS, 50))) {
    for (const pid of await findLeftBehind(data)) {
      log.warn({ pid }, 'ending what a killed embedded Postgres left behind');
      // The immediate exit of Postgres. It may have gone in this very moment.
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

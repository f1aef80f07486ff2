import { realpath } from 'node:fs/promises';
import { systemCode } from '../errors.js';
import { connectSuperuser, readDataDirectory } from './connection.js';
import { failure } from './failure.js';
import { refuseIfUsedElsewhere } from './in-use.js';
import { inspectProcess } from './inspect-process.js';
import { endLeftBehind } from './left-behind.js';
import { pause } from './pause.js';
import { readPostmasterFile, removePostmasterFile, type PostmasterFile } from './postmaster-file.js';
import type { Server } from './server.js';
import { tailOfServerLog } from './server-log.js';

/** A recovering server answers 57P03, on a slow disk for minutes. */
const RECOVERY_MS = 10 * 60_000;
/** A living server that has no port, or does not answer, is starting or stopping. */
const SILENCE_MS = 60_000;
const CANNOT_CONNECT_NOW = '57P03';

export type Answer = 'yes' | 'not yet' | 'no connection';

/**
 * Finds the running server of this cluster, even if another process started it, and waits while it starts or stops.
 * @returns its port; undefined if none runs, and then the remains of a dead one are removed
 */
export async function findServer(server: Server): Promise<number | undefined> {
  const { layout, log } = server;
  const start = performance.now();
  let lastSign = start;
  let last: PostmasterFile | undefined;
  while (performance.now() - lastSign < SILENCE_MS && performance.now() - start < RECOVERY_MS) {
    const file = await readPostmasterFile(layout.data);
    if (!file) {
      if (await endLeftBehind(layout, log)) return undefined;
      continue;
    }
    last = file;
    const identity = await inspectProcess(file.pid, layout.data);
    if (identity === 'gone' || identity === 'foreign') {
      await refuseIfUsedElsewhere(layout);
      log.warn({ pid: file.pid, identity }, 'the embedded Postgres had not been stopped; it will recover');
      await removePostmasterFile(layout.data, file);
      continue;
    }
    const answer = file.port === undefined ? 'no connection' : await ask(server, file.port);
    if (answer === 'yes') return file.port;
    if (answer === 'not yet') lastSign = performance.now();
    // If the system does not say what it is and it is a server, the new server refuses to start.
    if (identity === 'unknown' && answer === 'no connection' && performance.now() - start > 5_000) return undefined;
    // Rarely while it recovers, because each attempt writes a line to its log.
    await pause(answer === 'not yet' ? 250 : 50);
  }
  throw failure(
    `The embedded Postgres (process ${last?.pid}) neither answers on port ${last?.port} nor ends. Its log ends:\n${await tailOfServerLog(layout.log)}`,
    `Look at ${layout.log}. If it does not come back, end process ${last?.pid} and try again.`,
  );
}

/**
 * Whether our own server answers on a port: SCRAM proves that the server knows our password, and it names its cluster.
 * @throws RollcallError `embedded_postgres_failed` if another server answers
 */
export async function ask({ layout, credentials }: Server, port: number): Promise<Answer> {
  let directory: string;
  try {
    directory = await readDataDirectory(await connectSuperuser(port, credentials.superuser, 'rollcall-check'));
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === CANNOT_CONNECT_NOW) return 'not yet';
    if (!code.startsWith('28')) return 'no connection';
    throw failure(
      `The server on port ${port} refuses the password in ${layout.credentials}`,
      `Restore ${layout.credentials} from the backup that ${layout.data} comes from, or remove ${layout.root} to start with an empty database.`,
      error,
    );
  }
  if ((await realpath(directory)) === (await realpath(layout.data))) return 'yes';
  throw failure(
    `The server on port ${port} works on ${directory}, not on ${layout.data}`,
    'End that server, or give one of the two another ROLLCALL_HOME.',
  );
}

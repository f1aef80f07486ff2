import { failure, USE_ANOTHER } from './failure.js';
import { findServer } from './find-server.js';
import { markInUse } from './in-use.js';
import { pause, until } from './pause.js';
import { choosePort, isFree, rememberPort } from './port.js';
import type { Server } from './server.js';
import { startServer } from './start-server.js';

const ATTEMPTS = 20;
const BETWEEN_ATTEMPTS_MS = 500;
const PORT_MS = 5_000;

/**
 * A start may fail for reasons that pass: remains of a killed server, a port taken in between, a kill, and the empty file of an
 * unlogged table whose creation was rolled back just before the server died. Recovery removes such a file only if its init
 * fork exists, which it does from the first recovery on, so the second one succeeds.
 */
const PASSING =
  /ended with SIG|pre-existing shared memory block|lock file "postmaster.pid" already exists|Address already in use|could not create file "base\/\S+": File exists/;

/**
 * Joins the running server of a cluster, or starts it. Called under the lock.
 * @param fixedPort the port it must have, if other parts of this process use it already
 * @returns its port
 */
export async function bringUp(server: Server, fixedPort?: number): Promise<number> {
  const { layout, log } = server;
  for (let attempt = 1; ; attempt++) {
    const running = await findServer(server);
    if (running !== undefined) return requirePort(running, fixedPort);
    const port = fixedPort ?? (await choosePort(layout.port));
    if (fixedPort !== undefined && !(await until(() => isFree(fixedPort), PORT_MS, 200))) throw portTaken(fixedPort);
    const ended = await startServer(server, port);
    if (ended === undefined) {
      await rememberPort(layout.port, port);
      await markInUse(layout);
      log.info({ port }, 'the embedded Postgres runs');
      return port;
    }
    if (attempt === ATTEMPTS || !PASSING.test(ended)) {
      throw failure(
        `The embedded Postgres in ${layout.data} ${ended}`,
        `Mend what it complains about, keep the folder (it holds the rows), and try again (${layout.log} tells more), ${USE_ANOTHER}.`,
      );
    }
    await pause(BETWEEN_ATTEMPTS_MS);
  }
}

function requirePort(port: number, fixedPort: number | undefined): number {
  if (fixedPort === undefined || port === fixedPort) return port;
  throw failure(
    `The embedded Postgres died and another process started it on port ${port}; this one's connections use ${fixedPort}`,
    'Start Rollcall again.',
  );
}

function portTaken(port: number) {
  return failure(
    `The embedded Postgres died, and port ${port}, which this process's connections use, is taken by another program`,
    'Start Rollcall again; it will choose another port.',
  );
}

import { ending } from './cluster.js';
import { failure } from './failure.js';
import { inspectProcess } from './inspect-process.js';
import { until } from './pause.js';
import { readPostmasterFile } from './postmaster-file.js';
import type { Server } from './server.js';

/** A fast shutdown writes memory to disk; 128 MB take seconds on a slow one. */
const FAST_MS = 60_000;
const IMMEDIATE_MS = 15_000;

/**
 * Stops the server of this cluster, even if another process started it: the process must be the one that the cluster names and
 * must be our Postgres. First a fast shutdown, which ends connections and loses nothing; if it hangs, an immediate one, after
 * which the next start recovers.
 * @throws RollcallError `embedded_postgres_failed` if it survives both
 */
export async function stopServer(server: Server): Promise<void> {
  const { layout, log } = server;
  const file = await readPostmasterFile(layout.data);
  if (!file) return;
  const gone = async () => ['gone', 'foreign'].includes(await inspectProcess(file.pid, layout.data));
  if (await gone()) return;
  if (process.platform === 'win32') return stopOnWindows(server);
  // The SIGINT and SIGQUIT of Postgres: fast and immediate shutdown.
  // https://www.postgresql.org/docs/18/server-shutdown.html
  process.kill(file.pid, 'SIGINT');
  if (await until(gone, FAST_MS)) return log.info('the embedded Postgres stopped');
  log.warn({ pid: file.pid }, 'the embedded Postgres does not stop; ending it at once');
  process.kill(file.pid, 'SIGQUIT');
  if (await until(gone, IMMEDIATE_MS)) return;
  throw failure(
    `The embedded Postgres (process ${file.pid}) does not stop`,
    `Its data is safe. Look at ${layout.log} and end the process.`,
  );
}

/** Windows has no signals; pg_ctl uses the pipe on which Postgres listens there. */
async function stopOnWindows({ launcher, layout }: Server): Promise<void> {
  const stop = await launcher.launch('pg_ctl', ['stop', '-m', 'fast', '-D', layout.data], 'ignore');
  await ending(stop);
}

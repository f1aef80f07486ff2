import type { Logger } from '../log.js';
import { ensureCluster } from './cluster.js';
import { connectionString } from './connection.js';
import { obtainCredentials } from './credentials.js';
import { failure, toFailure } from './failure.js';
import { ask } from './find-server.js';
import { keepMark } from './in-use.js';
import { keepTrying } from './keep-trying.js';
import { createLauncher } from './launcher.js';
import { prepareLayout } from './layout.js';
import { withLock } from './lock.js';
import { enter, leave } from './membership.js';
import { findPlatformPackage, platformPackageName, type PlatformPackage } from './platform-package.js';
import type { Server } from './server.js';
import { watchServerLog } from './server-log.js';

/** A Postgres of our own below ROLLCALL_HOME. All processes on that folder share one server. */
export interface EmbeddedPostgres {
  /** For the role `rollcall`, which owns the database `rollcall` and may create others. Contains the password. */
  readonly connectionString: string;
  /** `<home>/postgres`. */
  readonly directory: string;
  /**
   * Makes sure that the server answers, starting it again if it died. The port never changes while this object lives.
   * Also happens by itself soon after the server dies; call it if waiting is better than failing.
   * @throws RollcallError `embedded_postgres_failed`
   */
  ensureRunning(): Promise<void>;
  /** The last process that closes stops the server. Close the connections to it first. Never throws. */
  release(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** ROLLCALL_HOME; relative to the current directory. */
  readonly home: string;
  readonly log: Logger;
  /** Where the server's programs are; by default in the package for this platform. */
  readonly platformPackage?: PlatformPackage;
}

/**
 * Starts the server below this home, or joins the running one; creates the cluster if there is none (about a second). The
 * server outlives a killed process, and the next process joins it.
 * @throws RollcallError `embedded_postgres_failed`, which says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { home, log } = options;
  try {
    const layout = await prepareLayout(home);
    const programs =
      options.platformPackage ?? (await findPlatformPackage(platformPackageName(process.platform, process.arch)));
    return await withLock(layout.lock, async () => {
      const launcher = await createLauncher(layout, programs);
      const credentials = await obtainCredentials(layout);
      const cluster = await ensureCluster(layout, programs, launcher, credentials);
      if (cluster === 'created') log.info({ directory: layout.root }, 'created an embedded Postgres');
      return await join({ layout, launcher, credentials, log });
    });
  } catch (error) {
    throw toFailure(error, 'started', home);
  }
}

/** Called under the lock. */
async function join(server: Server): Promise<EmbeddedPostgres> {
  const { layout, log } = server;
  let released = false;
  let recovering: Promise<void> | undefined;
  let releasing: Promise<void> | undefined;
  let { port, presence } = await enter(server, onLost).catch((error: unknown) => {
    released = true;
    throw error;
  });
  const timers = [watchServerLog(layout.log), keepMark(layout)];

  function onLost(): void {
    if (!released) void keepTrying(recover, () => released, log);
  }

  function recover(): Promise<void> {
    recovering ??= withLock(layout.lock, async () => {
      // Another call may have repaired it while this one waited.
      if (released || ((await ask(server, port)) === 'yes' && (await presence.answers()))) return;
      await presence.leave();
      ({ presence } = await enter(server, onLost, port));
    })
      .catch((error: unknown) => {
        throw toFailure(error, 'started again', layout.root);
      })
      .finally(() => {
        recovering = undefined;
      });
    return recovering;
  }

  async function release(): Promise<void> {
    released = true;
    await recovering?.catch(() => undefined);
    await withLock(layout.lock, () => leave(server, presence)).catch((error: unknown) =>
      log.error({ error: String(error) }, 'the embedded Postgres could not be left cleanly; the next start joins it'),
    );
    for (const stop of timers) stop();
  }

  return {
    connectionString: connectionString(port, server.credentials.rollcall),
    directory: layout.root,
    async ensureRunning() {
      if (released) throw failure('The embedded Postgres was released', 'This is a defect of Rollcall: report it.');
      // On a new connection: old ones briefly outlive a killed server.
      if (recovering !== undefined || (await ask(server, port)) !== 'yes') await recover();
    },
    release() {
      releasing ??= release();
      return releasing;
    },
  };
}

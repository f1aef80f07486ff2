import { existsSync } from 'node:fs';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemCode } from '../errors.js';
import { failure, USE_ANOTHER } from './failure.js';

/** The files of the embedded Postgres, all below `<home>/postgres`. */
export interface Layout {
  readonly root: string;
  /** The cluster: what Postgres calls its data directory. */
  readonly data: string;
  readonly credentials: string;
  readonly port: string;
  readonly log: string;
  readonly lock: string;
  /** Shows other containers that share this folder that the server is in use. */
  readonly inUse: string;
  /** Links to the server's libraries, if the package cannot hold them. */
  readonly libraries: string;
}

/**
 * Makes the folder and names what is in it. Real paths, because the system reports those for a running server; absolute ones,
 * because the process may change its directory later. Whatever the umask, other users may not write there, and only the owner
 * may read the cluster, as Postgres requires.
 * @throws RollcallError `embedded_postgres_failed` if the folder belongs to another user
 */
export async function prepareLayout(home: string): Promise<Layout> {
  await mkdir(resolve(home), { recursive: true });
  await mkdir(resolve(home, 'postgres'), { recursive: true, mode: OWN });
  const root = await realpath(resolve(home, 'postgres'));
  // As root, the cluster belongs to another user, who must be able to enter the folder.
  await keepToOwner(root, (await stat(root)).uid === 0 ? PASS : OWN);
  await keepToOwner(join(root, 'data'), OWN);
  await keepToOwner(join(root, 'credentials.json'), 0o600);
  return {
    root,
    data: join(root, 'data'),
    credentials: join(root, 'credentials.json'),
    port: join(root, 'port'),
    log: join(root, 'server.log'),
    lock: join(root, 'lock'),
    inUse: join(root, 'in-use'),
    libraries: join(root, 'libraries'),
  };
}

const OWN = 0o700;
const PASS = 0o711;

async function keepToOwner(path: string, mode: number): Promise<void> {
  // Windows has no such modes.
  if (process.platform === 'win32') return;
  try {
    await chmod(path, mode);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return;
    if (code !== 'EPERM') throw error;
    const { uid } = await stat(path);
    const me = process.getuid?.() ?? 0;
    throw failure(
      `${path} belongs to user ${uid}; this process runs as user ${me}, and Postgres serves only its own files`,
      `Give the folder to this user (chown -R ${me} ${path}), run Rollcall as user ${uid}, ${USE_ANOTHER}.`,
    );
  }
}

/** Whether there is a cluster below this home. A command that only reads does not create one. */
export function embeddedPostgresExists(home: string): boolean {
  return existsSync(resolve(home, 'postgres', 'data', 'PG_VERSION'));
}

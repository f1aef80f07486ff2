import { existsSync } from 'node:fs';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemCode } from '../errors.js';
import { failure, USE_ANOTHER } from './failure.js';

/** Where everything of the embedded Postgres lies, all of it below `<home>/postgres`. */
export interface Layout {
  readonly root: string;
  /** The cluster: what Postgres calls its data directory. */
  readonly data: string;
  readonly credentials: string;
  readonly port: string;
  readonly log: string;
  readonly lock: string;
  /** Shows other containers on this folder that the server is in use. */
  readonly inUse: string;
  /** Links to the server's libraries, where the package itself cannot hold them. */
  readonly libraries: string;
}

/**
 * Makes the folder and names what lies in it. Real paths, because the system reports those for a running server, and
 * absolute ones, because the process may change its directory later. Whatever a platform or an umask has made of them, nobody
 * else may write there, and the cluster is its owner's alone, which Postgres insists on.
 * @throws RollcallError `embedded_postgres_failed` if the folder belongs to another user
 */
export async function prepareLayout(home: string): Promise<Layout> {
  await mkdir(resolve(home), { recursive: true });
  await mkdir(resolve(home, 'postgres'), { recursive: true, mode: OWN });
  const root = await realpath(resolve(home, 'postgres'));
  // Root gives the cluster in its folder to a plain user, who has to pass through.
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

/** Whether a cluster lies below this home already. A command that only reads does not create one. */
export function embeddedPostgresExists(home: string): boolean {
  return existsSync(resolve(home, 'postgres', 'data', 'PG_VERSION'));
}

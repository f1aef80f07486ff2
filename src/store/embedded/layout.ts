import { existsSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';

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
 * absolute ones, because the process may change its directory later.
 */
export async function prepareLayout(home: string): Promise<Layout> {
  await mkdir(resolve(home, 'postgres'), { recursive: true });
  const root = await realpath(resolve(home, 'postgres'));
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

/** Whether a cluster lies below this home already. A command that only reads does not create one. */
export function embeddedPostgresExists(home: string): boolean {
  return existsSync(resolve(home, 'postgres', 'data', 'PG_VERSION'));
}

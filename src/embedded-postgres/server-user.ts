import { readFile, stat } from 'node:fs/promises';
import { failure } from './failure.js';

/** As whom the server runs where we are root, which Postgres refuses to be. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Debian's and Red Hat's `nobody`, for a machine whose /etc/passwd does not say. */
const NOBODY: ServerUser = { uid: 65534, gid: 65534 };

/**
 * Nobody else where we are not root. As root: the owner of the cluster, or for a new one `postgres`, or `nobody`.
 * @throws RollcallError `embedded_postgres_failed` where root itself owns the cluster
 */
export async function findServerUser(data: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(data).catch(() => undefined);
  if (owner?.uid === 0) {
    throw failure(
      `${data} belongs to root, and Postgres refuses to run as root`,
      `Give it to the user who shall run the server: chown -R nobody ${data}`,
    );
  }
  if (owner) return { uid: owner.uid, gid: owner.gid };
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return findInPasswd(passwd, 'postgres') ?? findInPasswd(passwd, 'nobody') ?? NOBODY;
}

function findInPasswd(passwd: string, name: string): ServerUser | undefined {
  const line = passwd.split('\n').find((line) => line.startsWith(`${name}:`));
  const [, , uid, gid] = (line ?? '').split(':').map(Number);
  return uid !== undefined && gid !== undefined && uid > 0 ? { uid, gid } : undefined;
}

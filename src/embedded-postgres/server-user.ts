import { readFile, stat } from 'node:fs/promises';
import { failure } from './failure.js';

/** The user that runs the server if we are root, which Postgres refuses. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The `nobody` of Debian and Red Hat, if /etc/passwd has none. */
const NOBODY: ServerUser = { uid: 65534, gid: 65534 };

/**
 * @returns undefined if we are not root; else the owner of the cluster, or for a new one `postgres` or `nobody`
 * @throws RollcallError `embedded_postgres_failed` if root owns the cluster
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

import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerUser } from './server-user.js';

const READ = 4;
const EXECUTE = 1;

/**
 * Whether a user can reach and use a folder or file: `/root` and folders of `mktemp -d` are closed to other users. Reads the mode
 * bits, which show access control lists only in part.
 */
export async function isReachable(path: string, user: ServerUser, need: 'walk' | 'read' | 'run'): Promise<boolean> {
  let current = await realpath(path);
  if (!(await permits(current, user, { walk: EXECUTE, read: READ, run: READ | EXECUTE }[need]))) return false;
  while (current !== dirname(current)) {
    current = dirname(current);
    if (!(await permits(current, user, EXECUTE))) return false;
  }
  return true;
}

async function permits(path: string, user: ServerUser, bits: number): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}

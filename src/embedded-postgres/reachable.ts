import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerUser } from './server-user.js';

const READ = 4;
const EXECUTE = 1;

/**
 * Whether a user may walk to a folder or file and use it: `/root` and what `mktemp -d` makes let nobody else through.
 * Goes by the mode bits, in which access control lists show only partly.
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

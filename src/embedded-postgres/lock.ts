import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../errors.js';
import { giveToOwnerOf } from '../write-whole.js';
import { failure } from './failure.js';
import { pause } from './pause.js';
import { place } from './place.js';

/*
 * The lock is a folder with one file, whose name is `free` or names the holder. Taking, returning and taking over from a dead
 * holder are renames of that file from the name that was read, so exactly one of several processes succeeds. (Not
 * proper-lockfile: its signal-exit ends the process at the first SIGTERM, before the application has drained.)
 */
const FREE = 'free';
const HEARTBEAT_MS = 500;
const POLL_MS = 50;
/** Counted in polls, because time passes while a machine sleeps. 5 s are ten missed heartbeats. */
const SILENT_POLLS = 100;
/** Recovery after a crash may take minutes, and the process that starts the server holds the lock meanwhile. */
const PATIENCE_POLLS = 12_000;

/** The holders of this process: a restarted container has the process ids of the killed one. */
const ours = new Set<string>();

/**
 * Does the work under the lock of this folder. A killed holder is replaced at once, one of another container after 5 s.
 * @throws RollcallError `embedded_postgres_failed` after 10 minutes of waiting
 */
export async function withLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const holder = `held-${process.pid}-${place()}-${randomBytes(6).toString('hex')}`;
  const path = join(directory, holder);
  ours.add(holder);
  let heartbeat: NodeJS.Timeout | undefined;
  try {
    await take(directory, holder);
    heartbeat = setInterval(() => void beat(path).catch(() => undefined), HEARTBEAT_MS);
    return await work();
  } finally {
    clearInterval(heartbeat);
    ours.delete(holder);
    await renamed(path, join(directory, FREE));
  }
}

async function take(directory: string, holder: string): Promise<void> {
  const path = join(directory, holder);
  let seen = '';
  let silent = 0;
  for (let polls = 0; polls < PATIENCE_POLLS; polls++) {
    const current = await currentHolder(directory);
    if (current === undefined) {
      await createLock(directory);
      continue;
    }
    const sign = `${current} ${(await stat(join(directory, current)).catch(() => undefined))?.mtimeMs ?? polls}`;
    silent = sign === seen ? silent + 1 : 0;
    seen = sign;
    const mayTake = current === FREE || isDead(current) || silent >= SILENT_POLLS;
    if (mayTake && (await renamed(join(directory, current), path))) return beat(path);
    if (!mayTake) await pause(POLL_MS);
  }
  throw failure(
    `Another process has been starting or stopping the embedded Postgres for ten minutes (${seen.split(' ', 1).join('')})`,
    `Look at ${join(dirname(directory), 'server.log')}; end the process whose number is after "held-", and try again.`,
  );
}

async function currentHolder(directory: string): Promise<string | undefined> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
    return [];
  });
  return names.find((name) => name === FREE || name.startsWith('held-'));
}

/** A folder with a file in it cannot be renamed over another one, so exactly one process creates the lock. */
async function createLock(directory: string): Promise<void> {
  const draft = await mkdtemp(`${directory}.`);
  try {
    await writeFile(join(draft, FREE), '');
    await giveToOwnerOf(dirname(directory), join(draft, FREE));
    await giveToOwnerOf(dirname(directory), draft);
    await rename(draft, directory);
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY', 'EPERM', 'EACCES', 'ENOENT'].includes(systemCode(error) ?? '')) throw error;
    await rm(draft, { recursive: true, force: true });
    // If it is not a race, retrying at once would be a busy loop.
    await pause(POLL_MS);
  }
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function beat(path: string): Promise<void> {
  return utimes(path, new Date(), new Date());
}

/** Known only if we can see that process; otherwise the heartbeat tells. */
function isDead(holder: string): boolean {
  const [, pid, where] = holder.split('-');
  if (ours.has(holder) || where !== place()) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return systemCode(error) === 'ESRCH';
  }
}

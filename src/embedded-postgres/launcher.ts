import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, parse } from 'node:path';
import { systemCode } from '../errors.js';
import { failure, USE_ANOTHER } from './failure.js';
import type { Layout } from './layout.js';
import { linkLibraries } from './libraries.js';
import type { PlatformPackage } from './platform-package.js';
import { isReachable } from './reachable.js';
import { findServerUser, type ServerUser } from './server-user.js';

export interface Launcher {
  /** The owner of the cluster, if it is not the user of this process. */
  readonly user: ServerUser | undefined;
  /**
   * Starts one of the server's programs in a session of its own: the Ctrl-C of a terminal goes to every process of the
   * group, and the server must outlive our drain. Resolves when it runs.
   */
  launch(
    program: 'initdb' | 'postgres' | 'pg_ctl',
    args: readonly string[],
    stdio: StdioOptions,
  ): Promise<ChildProcess>;
}

/** Enough for the shell that initdb calls. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Finds out how to run the server's programs here: as which user, with which libraries, through which command. */
export async function createLauncher(layout: Layout, found: PlatformPackage): Promise<Launcher> {
  const user = await findServerUser(layout.data);
  const libraries = await linkLibraries(found, layout.libraries);
  // LC_ALL: we parse the messages. TZ: initdb makes it the server's time zone.
  const env = { PATH, LC_ALL: 'C', TZ: 'UTC', ...libraries };
  const options = { env, cwd: parse(layout.root).root, detached: true, windowsHide: true };
  const prefix = user ? await carryThrough(user, layout, found) : [];
  return {
    user,
    async launch(program, args, stdio) {
      const file = join(found.directory, 'native', 'bin', process.platform === 'win32' ? `${program}.exe` : program);
      const [command = file, ...rest] = [...prefix, file, ...args];
      const child = spawn(command, rest, { ...options, stdio, ...(prefix.length === 0 ? user : undefined) });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.on('error', (error) => reject(cannotRun(command, file, error)));
      });
      return child;
    },
  };
}

/**
 * If the user cannot reach the cluster or the programs: a command that becomes the user and keeps the right of root to pass
 * closed folders. So the modes of folders that are not ours stay as they are.
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
async function carryThrough(
  user: ServerUser,
  layout: Layout,
  { directory }: PlatformPackage,
): Promise<readonly string[]> {
  const native = join(directory, 'native');
  const data = await isReachable(layout.root, user, 'walk');
  const programs = await Promise.all([
    isReachable(join(native, 'bin', 'postgres'), user, 'run'),
    isReachable(join(native, 'lib'), user, 'walk'),
    isReachable(join(native, 'share', 'postgresql', 'postgres.bki'), user, 'read'),
  ]);
  if (data && programs.every(Boolean)) return [];
  const become = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const keep = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  // Postgres asks access(2) whether it may run its own programs, which respects the kept right only with this bit.
  const bit = programs.every(Boolean) ? [] : ['--securebits=+no_setuid_fixup'];
  return [...become, ...keep, ...bit, '--'];
}

function cannotRun(command: string, file: string, error: Error): Error {
  if (command === 'setpriv') {
    return failure(
      `Postgres refuses to run as root, another user cannot reach its folders, and setpriv is missing (${error.message})`,
      `Install util-linux, or start Rollcall as a plain user, or move it and ROLLCALL_HOME out of a closed folder such as /root, ${USE_ANOTHER}.`,
      error,
    );
  }
  // The file exists, so ENOENT means that the loader named in its header is missing.
  if (systemCode(error) === 'ENOENT' && existsSync(file)) {
    return failure(
      `The embedded Postgres needs glibc, which ${process.platform}-${process.arch} lacks here (Alpine and other musl systems do)`,
      'Use a Debian-based image, or set DATABASE_URL to a Postgres of your own.',
      error,
    );
  }
  if (systemCode(error) === 'EPERM') return error;
  const advice = `Install the packages again (npm ci), ${USE_ANOTHER}.`;
  return failure(`${file} cannot be run: ${error.message}`, advice, error);
}

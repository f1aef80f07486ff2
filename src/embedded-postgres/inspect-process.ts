import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { systemCode } from '../errors.js';

/**
 * What a process id stands for now. `gone`: no process, or a zombie, which holds nothing. `ours`: a Postgres on this cluster.
 * `foreign`: another program that got the number after our server died. `unknown`: the system does not say (Windows).
 */
export type Identity = 'gone' | 'ours' | 'foreign' | 'unknown';

/** @param data the real path of the cluster */
export async function inspectProcess(pid: number, data: string): Promise<Identity> {
  if (!exists(pid)) return 'gone';
  if (process.platform === 'linux') return inspectLinux(pid, data);
  return process.platform === 'win32' ? 'unknown' : inspectPosix(pid, data);
}

/** The processes of a dead server that still use its cluster; only on Linux. */
export async function findLeftBehind(data: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const found: number[] = [];
  for (const pid of pids) {
    if ((await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data && (await inspectLinux(pid, data)) === 'ours') {
      found.push(pid);
    }
  }
  return found;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

async function inspectLinux(pid: number, data: string): Promise<Identity> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The state is the letter after the name, which may contain spaces and parentheses.
  const state = status.slice(status.lastIndexOf(')') + 2, status.lastIndexOf(')') + 3);
  if (['', 'Z', 'X'].includes(state)) return 'gone';
  const [program = '', ...args] = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  // The server's own processes call themselves "postgres: checkpointer" and the like.
  if (!/^postgres(:|$)/.test(basename(program)) && !program.startsWith('postgres:')) return 'foreign';
  if (args.includes(data)) return 'ours';
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data ? 'ours' : 'foreign';
}

async function inspectPosix(pid: number, data: string): Promise<Identity> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'stat=,command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  const line = stdout.trim();
  if (line === '' || line.startsWith('Z')) return 'gone';
  return line.includes('postgres') && line.includes(data) ? 'ours' : 'foreign';
}

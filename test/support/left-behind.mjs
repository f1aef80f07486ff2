// What a run of the suite has started, as /proc shows it: processes that carry its mark in their environment, and servers that
// work below one of its folders (the embedded Postgres gets a clean environment). Elsewhere than on Linux nothing is found.
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The variable that marks the processes of one run. */
export const MARK = 'ROLLCALL_TEST_RUN';

const JEST_WORKER = /jest-worker[^\0]*processChild/;

/**
 * @param {{ mark: string, folders: readonly string[] }} run
 * @returns {Promise<{ pid: number, command: string }[]>} jest's own workers included, zombies not
 */
async function findProcesses({ mark, folders }) {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter(Number.isInteger);
  const found = [];
  for (const pid of pids) {
    if (pid === process.pid) continue;
    const read = (name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const [command, environment, folder] = [
      await read('cmdline'),
      await read('environ'),
      await readlink(`/proc/${pid}/cwd`).catch(() => ''),
    ];
    const isMarked = environment.split('\0').includes(`${MARK}=${mark}`);
    if (command !== '' && (isMarked || folders.some((each) => folder.startsWith(each) || command.includes(each))))
      found.push({ pid, command: command.replaceAll('\0', ' ').trim() });
  }
  return found;
}

/** What is still there some seconds after everything was told to end. */
export async function findLeftBehind(run, withinMs = 10_000) {
  const end = performance.now() + withinMs;
  for (;;) {
    const left = (await findProcesses(run)).filter(({ command }) => !JEST_WORKER.test(command));
    if (left.length === 0 || performance.now() > end) return left;
    await sleep(100);
  }
}

/** Ends all of it: a server of Postgres at first so that it gives its shared memory back. */
export async function endAll(run) {
  const force = performance.now() + 5000;
  for (;;) {
    const left = await findProcesses(run);
    if (left.length === 0) return;
    for (const { pid, command } of left) {
      const isServer = /\bpostgres -D /.test(command);
      if (command.startsWith('postgres:') && performance.now() < force) continue;
      end(pid, isServer && performance.now() < force ? 'SIGQUIT' : 'SIGKILL');
    }
    await sleep(100);
  }
}

function end(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

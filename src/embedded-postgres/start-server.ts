import type { ChildProcess } from 'node:child_process';
import { ending } from './cluster.js';
import { ask } from './find-server.js';
import { until } from './pause.js';
import { readPostmasterFile } from './postmaster-file.js';
import type { Server } from './server.js';
import { capServerLog, openServerLog, sizeOfServerLog, tailOfServerLog } from './server-log.js';

const RECOVERY_MS = 10 * 60_000;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // A worker that reads many tenants at once uses about thirty.
  max_connections: '300',
  // Queries over a whole view use all cores, even if Postgres expects many rows in the answer.
  parallel_tuple_cost: '0.01',
  // Statements, details and contexts quote rows, which hold personal data.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
} as const;

/**
 * Starts the server and waits until it answers.
 * @returns undefined if it answers; otherwise how it ended, with its output
 */
export async function startServer(server: Server, port: number): Promise<string | undefined> {
  const { layout } = server;
  await capServerLog(layout.log);
  const begin = await sizeOfServerLog(layout.log);
  const child = await launchServer(server, port);
  let ended: string | undefined;
  void ending(child).then((how) => (ended = how ?? 'ended at once'));
  // Only after the child says it is ready: before that, another server may answer on the port.
  const answers = async () => {
    const file = await readPostmasterFile(layout.data);
    return file?.pid === child.pid && file?.ready === true && (await ask(server, port)) === 'yes';
  };
  const over = await until(async () => ended !== undefined || (await answers()), RECOVERY_MS);
  // From here on it may outlive us.
  child.unref();
  if (over && ended === undefined) return undefined;
  return `${ended ?? 'did not answer within ten minutes'}. Its log ends:\n${await tailOfServerLog(layout.log, begin)}`;
}

async function launchServer({ layout, launcher }: Server, port: number): Promise<ChildProcess> {
  const settings = Object.entries({ ...SETTINGS, port: String(port) });
  const args = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = await openServerLog(layout.log);
  try {
    return await launcher.launch('postgres', ['-D', layout.data, ...args], ['ignore', output.fd, output.fd]);
  } finally {
    await output.close();
  }
}

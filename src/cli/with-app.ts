import { openQueueApp, openReadingApp, type App } from '../app.js';
import type { Queue } from '../jobs/queue/queue.js';
import { createLog, type Logger } from '../log.js';
import { readConfig, type Config } from '../settings/config.js';
import type { CliContext } from './context.js';

export interface Settings {
  readonly config: Config;
  readonly log: Logger;
}

/**
 * @param options `quiet`: for commands that say themselves what happened: they log nothing, unless LOG_LEVEL says otherwise
 */
export function readSettings(context: CliContext, { quiet = true }: { readonly quiet?: boolean } = {}): Settings {
  const config = readConfig(context.environment);
  const log = createLog(config.logLevel ?? (quiet ? 'silent' : 'info'));
  context.onLog?.(log);
  return { config, log };
}

/** Runs `work` with an app and closes it, however it ends. */
export async function using<T extends { close(): Promise<void> }, R>(
  opening: Promise<T>,
  work: (app: T) => Promise<R>,
): Promise<R> {
  const app = await opening;
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** For commands that log nothing: what an app waits for is said on standard error, and a signal ends the wait. */
export const patienceIn = ({ err, signal }: CliContext) => ({
  signal,
  tell: (sentence: string) => err.write(`${sentence}\n`),
});

/** The work of a command that only reads the database. */
export function withReadingApp<R>(context: CliContext, work: (app: App) => Promise<R>): Promise<R> {
  const { config, log } = readSettings(context);
  return using(openReadingApp(config, log), work);
}

/** The same with the queue. */
export function withQueueApp<R>(
  context: CliContext,
  work: (app: App & { readonly queue: Queue }) => Promise<R>,
): Promise<R> {
  const { config, log } = readSettings(context);
  return using(openQueueApp(config, log), work);
}

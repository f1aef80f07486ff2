import { readConfig, type Config, type Environment } from '../config.js';
import { createLog, type Logger } from '../log.js';

/** What a command gets from the process, and nothing else of it. */
export interface CliContext {
  readonly environment: Environment;
  /** Facts. */
  readonly out: NodeJS.WritableStream;
  /** Progress, logs, errors. */
  readonly err: NodeJS.WriteStream;
  /** Where a person can answer, if there is one. */
  readonly input?: NodeJS.ReadStream;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** What the process will end with. */
  setExitCode(code: number): void;
}

export interface Settings {
  readonly config: Config;
  readonly log: Logger;
}

/**
 * @param quiet for commands that say themselves what happened: they log nothing, unless LOG_LEVEL says otherwise
 */
export function readSettings(context: CliContext, options: { needsTenant: boolean; quiet: boolean }): Settings {
  const config = readConfig(context.environment, options);
  return { config, log: createLog(config.logLevel ?? (options.quiet ? 'silent' : 'info')) };
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

import { readConfig, type Config, type Environment } from '../settings/config.js';
import { createLog, type Logger } from '../log.js';
import { visible } from '../visible.js';

/** Takes text for a person or a program. What came from outside cannot control a terminal: it is made visible here. */
export interface TextWriter {
  write(text: string): void;
}

/** What a command gets from the process, and nothing else of it. */
export interface CliContext {
  readonly environment: Environment;
  /** Facts. */
  readonly out: TextWriter;
  /** Progress, errors. */
  readonly err: TextWriter;
  /** The stream behind `err`, for what draws on a terminal itself. Text from outside must be made visible before. */
  readonly screen: NodeJS.WriteStream;
  /** Where a person can answer, if there is one. */
  readonly input?: NodeJS.ReadStream;
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
  /** Told of the log when there is one. */
  readonly onLog?: (log: Logger) => void;
  /** What the process will end with. */
  setExitCode(code: number): void;
}

interface Process extends Omit<CliContext, 'out' | 'err' | 'screen'> {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WriteStream;
}

/** The one place where text leaves a command. */
export function createContext({ out, err, ...rest }: Process): CliContext {
  const writerTo = (stream: NodeJS.WritableStream): TextWriter => ({
    write(text) {
      stream.write(visible(text));
    },
  });
  return { ...rest, out: writerTo(out), err: writerTo(err), screen: err };
}

/** For commands that log nothing: what an app waits for is said on standard error, and a signal ends the wait. */
export const patienceIn = ({ err, signal }: CliContext) => ({
  signal,
  tell: (sentence: string) => err.write(`${sentence}\n`),
});

export interface Settings {
  readonly config: Config;
  readonly log: Logger;
}

/**
 * @param quiet for commands that say themselves what happened: they log nothing, unless LOG_LEVEL says otherwise
 */
export function readSettings(context: CliContext, options: { quiet: boolean }): Settings {
  const config = readConfig(context.environment);
  const log = createLog(config.logLevel ?? (options.quiet ? 'silent' : 'info'));
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

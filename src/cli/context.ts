import type { Environment } from '../settings/config.js';
import type { Logger } from '../log.js';
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

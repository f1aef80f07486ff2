import type { Environment } from '../settings/config.js';
import type { Logger } from '../log.js';
import { visible } from '../visible.js';

/** Takes text for a person or a program. What came from outside cannot control a terminal: it is made visible here. */
export interface TextWriter {
  write(text: string): void;
}

/** All that a command gets from the process. */
export interface CliContext {
  readonly environment: Environment;
  /** Facts. */
  readonly out: TextWriter;
  /** Progress, errors. */
  readonly err: TextWriter;
  /** The stream behind `err`, for code that draws on a terminal. Make text from outside visible first. */
  readonly screen: NodeJS.WriteStream;
  /** The terminal of a person who can answer, if there is one. */
  readonly input?: NodeJS.ReadStream;
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
  /** Called with the log once it exists. */
  readonly onLog?: (log: Logger) => void;
  /** Sets the exit code of the process. */
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

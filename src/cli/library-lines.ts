import { format } from 'node:util';
import type { Logger } from '../log.js';

/**
 * Keeps what libraries print of their own, and Node's warnings about them, off standard error: a person gets what we say, and
 * a program gets nothing but our lines.
 * @returns what to call once there is a log, which has them at `debug` from then on
 */
export function captureLibraryLines(): (log: Logger) => void {
  let log: Logger | undefined;
  const say = (line: string) => log?.debug({ line }, 'a library said');
  const print = (...words: unknown[]) => say(format(...words));
  Object.assign(globalThis.console, { log: print, info: print, warn: print, error: print, debug: print, trace: print });
  // That of Node itself prints them.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => say(`${name}: ${message}`));
  return (given) => {
    log = given;
  };
}

import { CommanderError } from 'commander';
import { toRollcallError } from '../errors.js';
import type { CliContext, TextWriter } from './context.js';

/** Runs a command line; if it fails, says what went wrong and what to do, and sets the exit code. */
export async function explaining(context: CliContext, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    context.setExitCode(explain(thrown, context.err));
  }
}

/** @returns the exit code: 2 if the call was wrong, otherwise 1 */
function explain(thrown: unknown, err: TextWriter): number {
  // Commander has printed it already; --help and --version end this way too.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const error = toRollcallError(thrown);
  err.write(`rollcall: ${error.message}\n  What to do: ${error.advice}\n`);
  return ['settings_invalid', 'command_invalid', 'credential_invalid'].includes(error.code) ? 2 : 1;
}

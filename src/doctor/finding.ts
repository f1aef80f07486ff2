import { RetryLater, toRollcallError } from '../errors.js';

export type Level = 'ok' | 'warning' | 'problem';

/** The result of one check. */
export interface Finding {
  /** The name of the check; stable, for programs. */
  readonly check: string;
  /** `problem`: something does not work. `warning`: it works, but not fully, or not for long. */
  readonly level: Level;
  readonly found: string;
  readonly advice?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, level: 'ok', found });

export const warning = (check: string, found: string, advice: string): Finding => ({
  check,
  level: 'warning',
  found,
  advice,
});

export const problem = (check: string, found: string, advice: string): Finding => ({
  check,
  level: 'problem',
  found,
  advice,
});

/** The finding of a check that failed. Being throttled is no fault of the set-up. */
export function toFinding(check: string, thrown: unknown): Finding {
  if (thrown instanceof RetryLater) {
    return warning(check, `${thrown.message}, so this could not be checked`, 'Nothing to fix; try again later.');
  }
  const { message, advice } = toRollcallError(thrown);
  return problem(check, message, advice);
}

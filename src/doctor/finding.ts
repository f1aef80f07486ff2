import { RetryLater, toRollcallError } from '../errors.js';

export type Level = 'ok' | 'warning' | 'problem';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at: stable, for programs. */
  readonly check: string;
  /** `problem`: something does not work. `warning`: it works, with less than there could be, or not for long. */
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

/** What a failure says of a check. Being throttled is no fault of the set-up. */
export function failed(check: string, thrown: unknown): Finding {
  if (thrown instanceof RetryLater) {
    return warning(check, `${thrown.message}, so this could not be looked at`, 'Nothing to mend. Ask again later.');
  }
  const { message, advice } = toRollcallError(thrown);
  return problem(check, message, advice);
}

import { RollcallError, systemCode } from '../errors.js';

/** The alternative to the embedded server. */
export const USE_ANOTHER = 'or set DATABASE_URL to a Postgres of your own';

/** The one error of this folder. Neither text may carry a password. */
export function failure(message: string, advice: string, cause?: unknown): RollcallError {
  return new RollcallError('embedded_postgres_failed', message, advice, cause === undefined ? {} : { cause });
}

/** Wraps an error of the system; a RollcallError stays as it is. */
export function toFailure(thrown: unknown, doing: string, directory: string): RollcallError {
  if (thrown instanceof RollcallError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  // Root of a container without capabilities cannot become the user that Postgres must run as.
  const powerless = process.getuid?.() === 0 && systemCode(thrown) === 'EPERM';
  const advice = powerless
    ? 'Postgres refuses to run as root, and root may not become another user here: start Rollcall as a plain user'
    : `Check that this user may write ${directory} and that its disk has room`;
  return failure(`The embedded Postgres could not be ${doing}: ${reason}`, `${advice}, ${USE_ANOTHER}.`, thrown);
}

import { z } from 'zod';
import { RollcallError } from '../../errors.js';

/** What a login gives. */
export interface Grant {
  readonly accessToken: string;
  /** NaN if the login does not say. */
  readonly lifetimeMs: number;
}

/** A token as it can stand in a header: anything else is none. */
export const accessToken = z.string().regex(/^[\x21-\x7E]+$/);

/** Tokens live for an hour, those of managed identities for a day. What a login says beyond this is not believed. */
const LONGEST_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * A life as a login says it, in milliseconds; NaN if it is none.
 * @param seconds a number, or its text, as managed identities have it
 */
export function lifeOf(seconds: unknown): number {
  const isNumber = typeof seconds === 'number' || (typeof seconds === 'string' && /^-?\d+(\.\d+)?$/.test(seconds));
  return isNumber ? Math.min(LONGEST_LIFE_MS, Number(seconds) * 1000) : Number.NaN;
}

/**
 * A token that can be used for a while.
 * @param place what gave it, such as `the login at login.microsoftonline.com/…`
 * @throws RollcallError `login_refused`
 */
export function checkLife(grant: Grant, place: string): Grant {
  const { lifetimeMs } = grant;
  if (lifetimeMs > 0) return grant;
  const found = Number.isNaN(lifetimeMs)
    ? 'that does not say for how long it is valid (expires_in)'
    : `that is valid for ${lifetimeMs / 1000} s (expires_in)`;
  throw new RollcallError(
    'login_refused',
    `${place.replace(/^the/, 'The')} gave a token ${found}; expected one for an hour or so`,
    `See what answers there: a proxy or gateway may change or repeat old answers. ${LIFE_ADVICE}`,
  );
}

export const LIFE_ADVICE =
  "Set this machine's clock (NTP), and see whether a token lifetime policy applies to the application: Entra allows no life below ten minutes.";

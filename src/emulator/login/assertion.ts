import { errors } from 'jose';
import type { Application, TenantData } from '../tenant/tenant-data.js';

/** What Entra has against an assertion: the number of its error, and what the error is about. */
export interface AssertionFault {
  readonly code: number;
  readonly subject: string;
}

/** Who presents an assertion, to which address and when. */
export interface AssertionContext {
  readonly application: Application;
  readonly tenant: TenantData;
  /** Of the emulator. */
  readonly url: string;
  readonly now: number;
}

/** Clocks may differ by this much. */
export const TOLERANCE_SECONDS = 300;

/** Expired, or not valid yet. */
export function isOutOfTime(thrown: unknown): boolean {
  if (thrown instanceof errors.JWTExpired) return true;
  return (
    thrown instanceof errors.JWTClaimValidationFailed && thrown.claim === 'nbf' && thrown.reason === 'check_failed'
  );
}

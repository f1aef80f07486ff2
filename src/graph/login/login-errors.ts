import { AuthError, InteractionRequiredAuthError, ServerError } from '@azure/msal-node';
import { RollcallError } from '../../errors.js';
import { reasonOf } from './login-reasons.js';

type Answered = ServerError | InteractionRequiredAuthError;

const isAnswer = (error: unknown): error is Answered =>
  error instanceof ServerError || error instanceof InteractionRequiredAuthError;

/** Of AADSTS; typed as text, but a number at run time. */
function numberOf({ errorNo }: Answered): string {
  const number: unknown = errorNo;
  return typeof number === 'number' || typeof number === 'string' ? String(number) : '';
}

const statusOf = (error: Answered): number => (error instanceof ServerError ? (error.status ?? 0) : 0);

// The login's own words for "not now".
const TRANSIENT = new Set(['90033', '90006', '90024']);

/** Whether the same request may succeed later: the login is throttled, in trouble, or out of reach. */
export function isTransientLoginError(error: unknown): boolean {
  if (error instanceof RollcallError) return false;
  if (!isAnswer(error)) return true;
  const status = statusOf(error);
  return status === 429 || status >= 500 || TRANSIENT.has(numberOf(error));
}

/** @param who refused, as the beginning of a sentence */
export function refusedBy(who: string, aadsts: string, error: string, status: number): RollcallError {
  const [reason, advice] = reasonOf(aadsts, error);
  const code = aadsts === '' ? '' : ` (AADSTS${aadsts})`;
  return new RollcallError('login_refused', `${who} refused us: ${reason}${code}`, advice, {
    facts: { aadsts, status },
  });
}

/**
 * A login failure in words, without the request, the secret or the trace that MSAL may have put into its message.
 * @param place what was asked, such as `the login at login.microsoftonline.com/…`
 */
export function loginError(error: unknown, place: string): RollcallError {
  if (error instanceof RollcallError) return error;
  if (isAnswer(error) && !isTransientLoginError(error)) {
    const who = place.replace(/^the/, 'The');
    return refusedBy(who, numberOf(error), error.errorCode, statusOf(error));
  }
  return loginUnreachable(place, error instanceof AuthError ? answered(error) : reasonIn(error));
}

/** @param reason in words */
export function loginUnreachable(place: string, reason: string, retryAfterMs?: number): RollcallError {
  return new RollcallError(
    'login_unreachable',
    `No token from ${place}: ${reason}`,
    'Check AZURE_AUTHORITY_HOST (or AZURE_CLOUD), DNS, the network, HTTPS_PROXY and NO_PROXY, and that the certificate is trusted (NODE_EXTRA_CA_CERTS names a further authority). If all is well, the login is in trouble: try again later.',
    { facts: { retryAfterMs } },
  );
}

const reasonIn = (error: unknown): string => (error instanceof Error ? error.message : 'no answer');

function answered(error: AuthError): string {
  const status = isAnswer(error) ? statusOf(error) : 0;
  return status === 0 ? error.errorCode : `it answered ${status} (${error.errorCode})`;
}

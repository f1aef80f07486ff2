import { AuthError, ServerError } from '@azure/msal-node';
import { RollcallError, systemCode } from '../errors.js';

/**
 * What the login's numbers mean and what to do about them. The text that comes with a number is not stable; the number is.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const REASONS: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  '700016': [
    'the application does not exist in this tenant',
    'Check AZURE_CLIENT_ID (the application id of the app registration) and AZURE_TENANT_ID, and that an administrator of that tenant has consented to the application.',
  ],
  '7000215': [
    'the client secret is wrong',
    "Set AZURE_CLIENT_SECRET to the secret's value. A common mistake is to paste the secret's id, which stands beside it.",
  ],
  '7000222': [
    'the client secret has expired',
    'Create a new client secret in the app registration (Certificates & secrets) and set AZURE_CLIENT_SECRET to its value.',
  ],
  '90002': [
    'the tenant does not exist in this cloud',
    "Check AZURE_TENANT_ID (the directory's id) and AZURE_AUTHORITY_HOST (the login host of its cloud).",
  ],
  '7000112': [
    'the application is disabled',
    'Enable sign-in for the enterprise application in the Entra admin center, or use another one.',
  ],
  '500011': [
    'Graph is not known in this tenant under the host that was asked for',
    'Check GRAPH_BASE_URL: it must be the Graph host of the cloud that AZURE_AUTHORITY_HOST names.',
  ],
  '70011': [
    'the scope was refused',
    'Check GRAPH_BASE_URL: it must be the Graph host of the cloud that AZURE_AUTHORITY_HOST names.',
  ],
};

/** Of AADSTS; typed as text, but a number at run time. */
function numberOf(error: ServerError): string {
  const number: unknown = error.errorNo;
  return typeof number === 'number' || typeof number === 'string' ? String(number) : '';
}

// The login's own words for "not now".
const TRANSIENT = new Set(['90033', '90006', '90024']);

/** Whether the same request may succeed later: the login is throttled, in trouble, or out of reach. */
export function isTransientLoginError(error: unknown): boolean {
  if (!(error instanceof ServerError)) return true;
  const status = error.status ?? 0;
  return status === 429 || status >= 500 || TRANSIENT.has(numberOf(error));
}

/** A login failure in words, without the request, the secret or the trace that MSAL may have put into its message. */
export function loginError(error: unknown, authority: string): RollcallError {
  const { host, pathname } = new URL(authority);
  const where = `${host}${pathname}`;
  if (error instanceof ServerError && !isTransientLoginError(error)) {
    const number = numberOf(error);
    const [reason, advice] = REASONS[number] ?? [
      `it answered ${error.errorCode}`,
      'Look the code up in https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
    ];
    const code = number === '' ? '' : ` (AADSTS${number})`;
    return new RollcallError('login_refused', `The login at ${where} refused us: ${reason}${code}`, advice, {
      facts: { aadsts: number, status: error.status },
    });
  }
  const reason =
    error instanceof AuthError
      ? error.errorCode
      : (systemCode(error) ?? (error instanceof Error ? error.message : 'no answer'));
  return new RollcallError(
    'login_unreachable',
    `No token from the login at ${where}: ${reason}`,
    'Check AZURE_AUTHORITY_HOST, DNS, the network, and that the certificate is trusted (NODE_EXTRA_CA_CERTS names a further authority, in the environment, not in .env). If all is well, the login is in trouble: try again later.',
  );
}

import { z } from 'zod';
import { RollcallError } from '../../errors.js';
import { parseJson } from '../http/parse-json.js';
import type { Incoming } from '../http/transport.js';
import type { Credential, IdentityService } from './credential.js';
import { accessToken, lifeOf, type Grant } from './grant.js';
import { refusedBy } from './login-errors.js';
import type { AskLogin } from './login-exchange.js';

export interface IdentityLogin {
  readonly credential: Pick<Credential, 'clientId'>;
  readonly service: IdentityService;
  readonly audience: string;
  readonly ask: AskLogin;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

// It is on this machine or nowhere: elsewhere its address is unreachable.
const TIMEOUT_MS = 5000;

// Also while an identity is being assigned (404) and while the service is renewed (410).
const TRANSIENT = new Set([404, 410, 429]);

const granted = z.object({
  access_token: accessToken,
  expires_in: z.unknown().optional(),
  expires_on: z.unknown().optional(),
});
const refusal = z.object({
  error: z.string().optional(),
  error_description: z.string().optional(),
  message: z.string().optional(),
});

/**
 * A token of this machine's managed identity.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export async function identityLogin({ credential, service, audience, ask, now }: IdentityLogin): Promise<Grant> {
  const { clientId } = credential;
  const { url, headers } = requestOf(service);
  url.searchParams.set('resource', audience);
  if (clientId !== '') url.searchParams.set('client_id', clientId);
  const answer = await ask({ method: 'GET', url, headers, timeoutMs: TIMEOUT_MS });
  if (answer.status !== 200) throw refused(answer, clientId, url.host);
  const body = granted.safeParse(parseJson(answer.text));
  if (!body.success) throw new Error('it answered with what is no token');
  const { access_token, expires_in: seconds, expires_on: until } = body.data;
  // App Service says the moment, in seconds since 1970.
  const left = typeof until === 'string' || typeof until === 'number' ? Number(until) - now() / 1000 : Number.NaN;
  return { accessToken: access_token, lifetimeMs: lifeOf(seconds ?? left) };
}

function requestOf(service: IdentityService): { url: URL; headers: Record<string, string> } {
  if (service.kind === 'metadata') {
    const url = new URL(`${service.host}/metadata/identity/oauth2/token?api-version=2018-02-01`);
    return { url, headers: { metadata: 'true' } };
  }
  const url = new URL(service.endpoint);
  url.searchParams.set('api-version', '2019-08-01');
  return { url, headers: { 'x-identity-header': service.header } };
}

function refused({ status, text }: Incoming, clientId: string, host: string): Error {
  if (TRANSIENT.has(status) || status >= 500) return new Error(`it answered ${status}`);
  const {
    error = '',
    error_description: description = '',
    message = '',
  } = refusal.safeParse(parseJson(text)).data ?? {};
  const says = `${description} ${message}`;
  const aadsts = /AADSTS(\d+)/.exec(says)?.[1];
  if (aadsts !== undefined) return refusedBy(`The managed identity service at ${host}`, aadsts, error, status);
  const [reason, advice] = whyNot(says, clientId, status);
  return new RollcallError('login_refused', `The managed identity service at ${host} refused us: ${reason}`, advice, {
    facts: { status },
  });
}

/** These services have no numbers, only sentences. */
function whyNot(says: string, clientId: string, status: number): readonly [reason: string, advice: string] {
  if (/multiple user assigned/i.test(says)) {
    return [
      'several identities are assigned to this machine',
      'Set AZURE_CLIENT_ID to the client id of the one to use.',
    ];
  }
  if (/identity not found|managed identity found/i.test(says)) {
    return clientId === ''
      ? [
          'this machine has no managed identity of its own',
          'Switch its system-assigned identity on (Identity, in the portal), or set AZURE_CLIENT_ID to the client id of an identity that is assigned to it.',
        ]
      : [
          `no managed identity with the client id ${clientId} is assigned to this machine`,
          'Check AZURE_CLIENT_ID and assign the identity to this machine; or unset AZURE_CLIENT_ID to use its own.',
        ];
  }
  if (status === 401 || status === 403) {
    return [
      `it did not accept our request (${status})`,
      'IDENTITY_ENDPOINT and IDENTITY_HEADER must be those that the platform has set for this very process.',
    ];
  }
  return [`it answered ${status}`, 'Check that this machine has a managed identity, and GRAPH_AUDIENCE.'];
}

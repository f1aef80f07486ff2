import { ConfidentialClientApplication, LogLevel } from '@azure/msal-node';
import pRetry from 'p-retry';
import { isTransientLoginError, loginError } from './login-errors.js';
import { loginNetwork } from './login-network.js';
import type { Transport } from './transport.js';

/** Hands out the access token for Graph; fetches, caches and renews it as its life requires. */
export interface TokenSource {
  get(signal?: AbortSignal): Promise<string>;
  /** Graph refused this token: the next `get` fetches a new one. */
  forget(token: string): void;
}

export interface Credential {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TokenSourceOptions {
  readonly credential: Credential;
  readonly authorityHost: string;
  readonly graphOrigin: string;
  readonly transport: Transport;
}

const RETRIES = { retries: 4, minTimeout: 1000, randomize: true } as const;

/**
 * Tokens by client credentials.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function createTokenSource({
  credential,
  authorityHost,
  graphOrigin,
  transport,
}: TokenSourceOptions): TokenSource {
  const authority = `${authorityHost}/${credential.tenantId}`;
  const scopes = [`${graphOrigin}/.default`];
  const open = () =>
    new ConfidentialClientApplication({
      auth: {
        clientId: credential.clientId,
        clientSecret: credential.clientSecret,
        authority,
        // Both spare requests that other clouds and emulators must not need, and that would hide an unknown tenant
        // behind a failed discovery: the token endpoint says plainly what is wrong.
        knownAuthorities: [new URL(authorityHost).host],
        authorityMetadata: JSON.stringify(endpoints(authority)),
      },
      system: {
        networkClient: loginNetwork(transport),
        loggerOptions: { logLevel: LogLevel.Error, loggerCallback: () => {} },
      },
    });
  let application = open();
  let refused: string | undefined;

  const acquire = async (): Promise<string> => {
    const cached = await application.acquireTokenByClientCredential({ scopes });
    if (cached !== null && cached.accessToken !== refused) return cached.accessToken;
    const fresh = await application.acquireTokenByClientCredential({ scopes, skipCache: true });
    if (fresh === null) throw new Error('the login answered without a token');
    return fresh.accessToken;
  };

  return {
    async get(signal) {
      try {
        return await pRetry(acquire, {
          ...RETRIES,
          ...(signal === undefined ? {} : { signal }),
          shouldRetry: ({ error }) => isTransientLoginError(error),
          // After a 429 or 5xx an MSAL client refuses by itself for a minute; a new one asks again.
          onFailedAttempt: () => {
            application = open();
          },
        });
      } catch (error) {
        signal?.throwIfAborted();
        throw loginError(error, authority);
      }
    },
    forget(token) {
      refused = token;
    },
  };
}

/** @see https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints */
function endpoints(authority: string) {
  return {
    issuer: `${authority}/v2.0`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
  };
}

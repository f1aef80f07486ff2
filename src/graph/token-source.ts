import { ConfidentialClientApplication, LogLevel } from '@azure/msal-node';
import pRetry from 'p-retry';
import { isTransientLoginError, loginError } from './login-errors.js';
import { loginNetwork } from './login-network.js';
import type { OnExchange } from './observe.js';
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
  readonly onExchange: OnExchange;
  readonly retry?: LoginRetry | undefined;
}

export interface LoginRetry {
  readonly retries?: number;
  readonly minTimeout?: number;
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
  onExchange,
  retry,
}: TokenSourceOptions): TokenSource {
  const authority = `${authorityHost}/${credential.tenantId}`;
  const scopes = [`${graphOrigin}/.default`];
  let networkFailure: unknown;
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
        networkClient: loginNetwork(transport, {
          onExchange,
          onFailure: (cause) => {
            networkFailure = cause;
          },
        }),
        loggerOptions: { logLevel: LogLevel.Error, loggerCallback: () => {} },
      },
    });
  let application = open();
  let refused: string | undefined;

  const acquire = async (): Promise<string> => {
    networkFailure = undefined;
    const cached = await application.acquireTokenByClientCredential({ scopes });
    if (cached !== null && cached.accessToken !== refused) return cached.accessToken;
    const fresh = await application.acquireTokenByClientCredential({ scopes, skipCache: true });
    if (fresh === null) throw new Error('the login answered without a token');
    return fresh.accessToken;
  };

  const fetchToken = async (): Promise<string> => {
    try {
      return await pRetry(acquire, {
        ...RETRIES,
        ...retry,
        shouldRetry: ({ error }) => isTransientLoginError(error),
        // After a 429 or 5xx an MSAL client refuses by itself for a minute; a new one asks again.
        onFailedAttempt: () => {
          application = open();
        },
      });
    } catch (error) {
      throw loginError(networkFailure ?? error, authority);
    }
  };

  // MSAL asks once for each of those who come while there is no token yet.
  let underWay: Promise<string> | undefined;
  return {
    get(signal) {
      underWay ??= fetchToken().finally(() => {
        underWay = undefined;
      });
      return signal === undefined ? underWay : unlessAborted(underWay, signal);
    },
    forget(token) {
      refused = token;
    },
  };
}

/** The promise, or the signal's reason, whichever is first: one who stops waiting does not stop the others. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
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

import pRetry from 'p-retry';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RollcallError } from '../../errors.js';
import type { OnExchange } from '../http/observe.js';
import { retryAfterMs } from '../http/retry-after.js';
import type { Transport } from '../http/transport.js';
import { clientLogin } from './client-login.js';
import type { Credential, IdentityService } from './credential.js';
import { checkLife, type Grant } from './grant.js';
import { identityLogin } from './identity-login.js';
import { isTransientLoginError, loginError, loginUnreachable } from './login-errors.js';
import { loginExchange, type AskLogin } from './login-exchange.js';
import { checkTenant } from './token-facts.js';
import { createTokenKeeper, type TokenKeeper } from './token-keeper.js';

export interface TokenSourceOptions {
  readonly credential: Credential;
  readonly authorityHost: string;
  /** For whom the token is: Graph, by the name it has in this cloud. */
  readonly audience: string;
  readonly transport: Transport;
  readonly onExchange: OnExchange;
  readonly retry?: LoginRetry | undefined;
  /** Where managed identities come from; the metadata service at its usual address unless given. */
  readonly identityService?: IdentityService | undefined;
  /** The share of a token's life that is left when it is renewed in the background; 10 unless given. */
  readonly refreshPercent?: number | undefined;
  /** Hears of a renewal that failed while the old token is still good. */
  readonly onRenewalFailure?: ((error: RollcallError) => void) | undefined;
  /** Milliseconds since 1970, for tests that must not wait. */
  readonly clock?: (() => number) | undefined;
}

export interface LoginRetry {
  readonly retries?: number;
  readonly minTimeout?: number;
  /** How long an answer may take; 30 s unless given. */
  readonly timeoutMs?: number | undefined;
}

const RETRIES = { retries: 4, minTimeout: 1000, randomize: true } as const;

/** Longer waits than this are not sat out here: the caller learns when to come back. */
const LONGEST_WAIT_MS = 60_000;

const METADATA: IdentityService = { kind: 'metadata', host: 'http://169.254.169.254' };

/**
 * Tokens of one application for Graph. A login that asks us to wait (Retry-After) is not asked before that.
 * @throws RollcallError `login_refused`, `login_unreachable`, `credential_invalid`
 */
export function createTokenSource(options: TokenSourceOptions): TokenKeeper {
  const { credential, authorityHost, audience, clock = Date.now, identityService = METADATA } = options;
  const authority = `${authorityHost}/${credential.tenantId}`;
  const place =
    credential.kind === 'managed-identity'
      ? `the managed identity service at ${hostOf(identityService)}`
      : `the login at ${authority.replace('https://', '')}`;
  const closing = new AbortController();
  let askAgainAt = 0;

  const { transport, onExchange, retry: { timeoutMs, ...retry } = {} } = options;
  const exchange = loginExchange(transport, { onExchange, closing: closing.signal, timeoutMs });
  const ask: AskLogin = async (request) => {
    const answer = await exchange(request);
    const wait = [429, 503].includes(answer.status) ? retryAfterMs(answer.headers) : undefined;
    if (wait !== undefined) askAgainAt = clock() + wait;
    return answer;
  };

  /** @throws RollcallError `login_unreachable`, with how long, if the login asks for more than we sit out */
  const refuseLongWait = (): void => {
    const wait = askAgainAt - clock();
    if (wait <= LONGEST_WAIT_MS) return;
    throw loginUnreachable(place, `it asks us to wait for ${Math.ceil(wait / 1000)} s`, wait);
  };
  const login = async (): Promise<Grant> => {
    refuseLongWait();
    const wait = askAgainAt - clock();
    if (wait > 0) await sleep(wait, undefined, { signal: closing.signal });
    if (credential.kind !== 'managed-identity') {
      return checkLife(await clientLogin({ credential, authority, audience, ask }), place);
    }
    const grant = await identityLogin({ credential, service: identityService, audience, ask, now: clock });
    checkTenant(grant.accessToken, credential.tenantId, place);
    return checkLife(grant, place);
  };

  const fetch = async (): Promise<Grant> => {
    try {
      return await pRetry(login, {
        ...RETRIES,
        ...retry,
        signal: closing.signal,
        // Also if it is not asked again: the caller learns for how long.
        onFailedAttempt: ({ error }) => (isTransientLoginError(error) ? refuseLongWait() : undefined),
        shouldRetry: ({ error }) => isTransientLoginError(error),
      });
    } catch (error) {
      throw loginError(error, place);
    }
  };
  return createTokenKeeper({ ...options, clock, fetch, close: () => closing.abort() });
}

const hostOf = (service: IdentityService): string =>
  new URL(service.kind === 'metadata' ? service.host : service.endpoint).host;

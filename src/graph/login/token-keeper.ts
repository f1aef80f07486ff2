import { RollcallError } from '../../errors.js';
import { unlessAborted } from '../http/unless-aborted.js';
import { LIFE_ADVICE, type Grant } from './grant.js';

/** A token and the end of its life. */
export interface Token {
  readonly value: string;
  readonly expiresAt: Date;
}

/** Hands out the access token for Graph; fetches, keeps and renews it as its life requires. */
export interface TokenKeeper {
  get(signal?: AbortSignal): Promise<Token>;
  /** The current token, if there is one: never fetches one. */
  peek(): Token | undefined;
  /** Graph has answered a request with this token, and did not refuse it. */
  answered(token: Token): void;
  /** Graph refused this token: the next `get` fetches a new one. */
  forget(token: string): void;
  close(): void;
}

export interface TokenKeeperOptions {
  /** Gets a new token, or fails for good. */
  readonly fetch: () => Promise<Grant>;
  readonly clock: () => number;
  readonly refreshPercent?: number | undefined;
  readonly onRenewalFailure?: ((error: RollcallError) => void) | undefined;
  readonly close: () => void;
}

interface Current extends Token {
  readonly lifetimeMs: number;
  readonly renewAt: number;
  /** Handed out no more: it could expire on its way to Graph. */
  readonly lastUse: number;
}

const REFRESH_PERCENT = 10;
/** On the way: the longest that a request may sit in a queue of ours or of a proxy before Graph looks at its token. */
const LONGEST_WAY_MS = 30_000;
const RENEW_AGAIN_MS = 30_000;
/** A token of a life as long as this pays for the longest request, whatever it is. */
const LONG_LIFE_MS = 120_000;
/** So many short tokens in a row that ended before a request did: the next one will be no better. */
const MOST_FRUITLESS = 5;

/**
 * Keeps one token. When a part of its life is left it is renewed in the background, once for all who ask, and handed out
 * until the new one is there; a renewal that fails disturbs nobody while the old token is good, and is tried again at the
 * earliest half a minute later. Nothing is fetched while nobody asks, or while the login gives only tokens that end before
 * a request that they pay for.
 */
export function createTokenKeeper(options: TokenKeeperOptions): TokenKeeper {
  const { clock, refreshPercent = REFRESH_PERCENT, onRenewalFailure = () => {} } = options;
  let current: Current | undefined;
  let renewing: Promise<Current> | undefined;
  let renewAgainAt = 0;
  let closed = false;
  let fruitless = 0;

  /** @throws RollcallError `login_refused` for half a minute after the last of too many tokens that were of no use */
  const refuseFruitless = (): void => {
    if (fruitless < MOST_FRUITLESS || current === undefined) return;
    if (clock() < current.expiresAt.getTime() + RENEW_AGAIN_MS) throw tooShort(current.lifetimeMs);
    fruitless = 0;
  };
  const keep = ({ accessToken, lifetimeMs }: Grant): Current => {
    const expiresAt = clock() + lifetimeMs;
    const left = (lifetimeMs * refreshPercent) / 100;
    const renewAt = expiresAt - left;
    const lastUse = expiresAt - Math.min(LONGEST_WAY_MS, left / 2);
    fruitless = lifetimeMs < LONG_LIFE_MS ? fruitless + 1 : 0;
    current = { value: accessToken, expiresAt: new Date(expiresAt), renewAt, lastUse, lifetimeMs };
    return current;
  };
  const renew = (): Promise<Current> => {
    renewing ??= options
      .fetch()
      .then(keep)
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };
  const renewInBackground = (): void => {
    if (renewing !== undefined || clock() < renewAgainAt || fruitless >= MOST_FRUITLESS) return;
    renew().catch((error: RollcallError) => {
      renewAgainAt = clock() + RENEW_AGAIN_MS;
      if (!closed) onRenewalFailure(error);
    });
  };

  return {
    async get(signal) {
      if (current !== undefined && clock() < current.lastUse) {
        if (clock() >= current.renewAt) renewInBackground();
        return current;
      }
      refuseFruitless();
      if (signal === undefined) return renew();
      // Before anything is fetched that nobody waits for.
      signal.throwIfAborted();
      return unlessAborted(renew(), signal);
    },
    peek: () => current,
    answered(token) {
      if (clock() < token.expiresAt.getTime()) fruitless = 0;
    },
    forget(token) {
      if (current?.value === token) current = undefined;
    },
    close() {
      closed = true;
      options.close();
    },
  };
}

const tooShort = (lifetimeMs: number): RollcallError =>
  new RollcallError(
    'login_refused',
    `The login gave ${MOST_FRUITLESS} tokens in a row that ended before Graph had answered; the last was valid for ${lifetimeMs / 1000} s`,
    `A token must live longer than the requests it pays for. ${LIFE_ADVICE}`,
  );

import { RetryLater, RollcallError } from '../../errors.js';
import type { Middleware } from '../compose.js';
import type { TokenKeeper } from '../login/token-keeper.js';

type Tokens = Pick<TokenKeeper, 'get' | 'forget'> & Partial<Pick<TokenKeeper, 'answered'>>;

/**
 * Adds the token, and only for Graph's own host: a link in a response that points elsewhere must never receive it (invariant 8).
 * A token that Graph refuses is forgotten, so that the next attempt fetches a new one.
 * @throws RollcallError `graph_foreign_link`; `login_refused` and `login_unreachable` from the login
 * @throws RetryLater if the login asks for a longer wait than we sit out
 */
export function auth(tokens: Tokens, graphOrigin: string): Middleware {
  return async (request, next) => {
    if (request.url.origin !== graphOrigin) {
      throw new RollcallError(
        'graph_foreign_link',
        `A link in a response points to ${request.url.host}; expected ${new URL(graphOrigin).host}`,
        'Nothing was sent there. If Graph lives at another host in this cloud, set GRAPH_BASE_URL to it.',
      );
    }
    const token = await tokens.get(request.signal).catch((error: unknown) => {
      throw laterIfAsked(error);
    });
    const response = await next({
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${token.value}` },
    });
    if (response.status === 401) tokens.forget(token.value);
    else tokens.answered?.(token);
    return response;
  };
}

function laterIfAsked(error: unknown): unknown {
  const wait = error instanceof RollcallError ? error.facts['retryAfterMs'] : undefined;
  return typeof wait === 'number' ? new RetryLater(wait, 'The login asks us to wait') : error;
}

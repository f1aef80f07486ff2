import { createHash } from 'node:crypto';

/** Opaque tokens, each standing for a state that the server remembers. */
export interface TokenRegistry<State> {
  /** The same state gets the same token, and a new life. */
  issue(state: State): string;
  /** The state, or why there is none. */
  read(token: string): State | 'unknown' | 'expired';
  /** Ends the life of all that were issued so far. */
  expireAll(): void;
}

/** Tokens that live this long. */
export function createTokenRegistry<State>(clock: () => number, lifetimeMs: number): TokenRegistry<State> {
  const issued = new Map<string, { readonly state: State; readonly until: number }>();
  return {
    issue(state) {
      const token = createHash('sha256').update(JSON.stringify(state)).digest('base64url');
      issued.set(token, { state, until: clock() + lifetimeMs });
      return token;
    },
    read(token) {
      const found = issued.get(token);
      if (found === undefined) return 'unknown';
      return found.until > clock() ? found.state : 'expired';
    },
    expireAll() {
      for (const [token, { state }] of issued) issued.set(token, { state, until: -Infinity });
    },
  };
}

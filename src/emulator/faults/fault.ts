import type { PatchOperation } from './json-patch.js';

/** What can go wrong with one request. */
export type FaultAction =
  /** Answers this and never asks the endpoint. A body that is no text is sent as JSON. */
  | { readonly kind: 'reply'; readonly status: number; readonly headers?: Headers; readonly body?: unknown }
  /** 429; the header exactly as given, or none. */
  | { readonly kind: 'throttle'; readonly retryAfter?: string | undefined }
  /** A gateway's page instead of JSON; 503 unless said otherwise. */
  | { readonly kind: 'html'; readonly status?: number | undefined }
  /** A login error by its AADSTS number. */
  | { readonly kind: 'login-error'; readonly code: number; readonly status?: number | undefined }
  /** Nothing on the page, and a link to the same page, which is there the next time. */
  | { readonly kind: 'empty-page' }
  /** Changes the answer's JSON. */
  | { readonly kind: 'patch'; readonly operations: readonly PatchOperation[] }
  /** Changes the answer's JSON, in the emulator's own process only. */
  | { readonly kind: 'edit'; readonly edit: (body: unknown) => unknown }
  /** Adds or replaces headers of the answer. */
  | { readonly kind: 'headers'; readonly headers: Headers }
  /** A byte order mark before the answer's JSON, as some proxies write it. */
  | { readonly kind: 'byte-order-mark' }
  /** Reduces each object to its id, `@` members and these properties. */
  | { readonly kind: 'tell-part'; readonly properties: readonly string[] }
  /** The page has no link to another, whether there is one or not. */
  | { readonly kind: 'drop-link' }
  /** The next page lies on another host. */
  | { readonly kind: 'foreign-link'; readonly origin?: string | undefined }
  /** The next page is this page. */
  | { readonly kind: 'loop-link' }
  /** The connection ends before the answer, or in the middle of its body. */
  | { readonly kind: 'reset'; readonly midBody?: boolean | undefined }
  /** Half a body, correctly ended. */
  | { readonly kind: 'truncate' }
  /** A body that never ends. */
  | { readonly kind: 'endless' }
  /** Waits, then answers. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** All page tokens, or all delta tokens, that were given out so far are expired. */
  | { readonly kind: 'expire-tokens'; readonly tokens: 'page' | 'delta' };

type Headers = Readonly<Record<string, string>>;

/** Which requests are struck, and by what. */
export interface Fault {
  readonly method?: string | undefined;
  /** What path and query begin with (`/v1.0/users?`), or a pattern for them. Absent: every request. */
  readonly path?: string | RegExp | undefined;
  /** The first matching request to strike, counted from 1; 1 unless said otherwise. */
  readonly nth?: number | undefined;
  /** How many to strike from there on; 1 unless said otherwise. */
  readonly times?: number | 'always' | undefined;
  readonly action: FaultAction;
}

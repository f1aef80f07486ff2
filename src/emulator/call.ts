import type { IncomingHttpHeaders } from 'node:http';

/** One request, from the wire or from inside a `$batch`. */
export interface Call {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The `request-id` of the `$batch` that carried it. */
  readonly innerOf?: string | undefined;
}

/** Takes a request apart. */
export function toCall(
  request: Pick<Call, 'method' | 'target' | 'headers' | 'body'> & { readonly innerOf?: string },
): Call {
  const [path = '', ...query] = request.target.split('?');
  return { ...request, path: decoded(path), query: new URLSearchParams(query.join('?')) };
}

/** A header that was sent once. */
export function header(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** A badly encoded path matches no route, so it needs no error of its own. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

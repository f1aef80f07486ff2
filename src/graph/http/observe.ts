import { headerNumber } from './header-number.js';

/** One request and its answer, or its lack of one, as an auditor sees it. Without bodies, headers, tokens and secrets. */
export interface Exchange {
  /** When the request was sent, as an ISO instant. */
  readonly at: string;
  readonly method: string;
  readonly uri: string;
  /** Null if there was no answer that could be read; then `error` says why. */
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
  /** Received, as they came over the wire. */
  readonly bytes: number;
  /** 1, or more if the request is repeated. */
  readonly attempt: number;
  readonly clientRequestId: string | null;
  readonly requestId: string | null;
  /** What Graph says the request has cost. */
  readonly resourceUnits: number | null;
  /** What the server's clock said when it answered, as an HTTP date. */
  readonly serverTime: string | null;
  /** What was asked for inside, if it was a batch. */
  readonly inner?: readonly InnerExchange[];
}

/** A request inside a batch, and what became of it. Time and bytes are the batch's. */
export interface InnerExchange extends Pick<
  Exchange,
  'method' | 'uri' | 'status' | 'error' | 'attempt' | 'requestId' | 'resourceUnits'
> {}

export type OnExchange = (exchange: Exchange) => void;

export interface Observed {
  readonly method: string;
  readonly url: URL;
  readonly attempt: number;
  readonly clientRequestId: string | null;
  /** How many bytes have come, once it has ended. */
  readonly bytes: () => number;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends, and reports how it went. */
export async function observe<A extends Answer>(
  { url, bytes, ...about }: Observed,
  send: () => Promise<A>,
  onExchange: OnExchange,
): Promise<A> {
  const at = new Date().toISOString();
  const started = performance.now();
  const report = (answer: Pick<Exchange, 'status' | 'error' | 'requestId' | 'resourceUnits' | 'serverTime'>) =>
    onExchange({
      at,
      uri: readableUri(url),
      durationMs: Math.round(performance.now() - started),
      bytes: bytes(),
      ...about,
      ...answer,
    });
  try {
    const answer = await send();
    const { status, headers } = answer;
    const requestId = headers['request-id'] ?? headers['x-ms-request-id'] ?? null;
    report({
      status,
      error: null,
      requestId,
      resourceUnits: unitsOf(headers),
      serverTime: headers['date'] ?? null,
    });
    return answer;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    report({ status: null, error: said, requestId: null, resourceUnits: null, serverTime: null });
    throw error;
  }
}

/** No request costs so much: what is beyond is no cost, and may not fit into a column. */
const MOST_UNITS = 1_000_000;

/** What Graph says in these headers that a request has cost. */
export function unitsOf(headers: Answer['headers']): number | null {
  const units = headerNumber(headers, 'x-ms-resource-unit');
  return units === undefined || units > MOST_UNITS ? null : units;
}

// Continuation tokens are long and worthless to a reader, and encode what was asked for.
const OPAQUE = /^\$(skip|delta)token$/i;

export function readableUri({ origin, pathname, searchParams }: URL): string {
  const query = [...searchParams].map(([name, value]) => `${name}=${OPAQUE.test(name) ? '…' : value}`);
  return `${origin}${pathname}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** What one call of Graph cost, all its attempts together. Inner layers add to it; telemetry reports it. */
export interface Tally {
  /** Exchanges on the wire. */
  requests: number;
  /** Attempts after the first. In a batch each request has its own: they may be more than the exchanges. */
  retries: number;
  /** Bytes received, as they came over the wire (compressed, if they were). */
  bytes: number;
  /** Milliseconds spent waiting because Graph said so, or so that it need not. */
  throttledMs: number;
}

export const emptyTally = (): Tally => ({ requests: 0, retries: 0, bytes: 0, throttledMs: 0 });

/** A request inside a batch. */
export interface InnerRequest {
  readonly method: string;
  readonly url: URL;
  /** 1, or more if it was sent before. */
  readonly attempt: number;
}

export interface GraphRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What is asked for inside, if the request is a batch, in the order of its body: for the access log. */
  readonly inner?: readonly InnerRequest[];
  /** Aborting it ends the call at once, wherever it is: waiting, connecting, or reading a body. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Whether a successful body is what was asked for. One that is not counts as unreadable, and is asked for again. */
  readonly isExpected: (body: unknown) => boolean;
  readonly tally: Tally;
}

export interface GraphResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON; undefined if an error came with a body that is not JSON (a gateway's HTML page). */
  readonly body: unknown;
}

export type Next = (request: GraphRequest) => Promise<GraphResponse>;
export type Middleware = (request: GraphRequest, next: Next) => Promise<GraphResponse>;

/** One chain out of many layers, outermost first. The last one never calls `next`. */
export function compose(layers: readonly Middleware[]): Next {
  return layers.reduceRight<Next>(
    (next, layer) => (request) => layer(request, next),
    () => Promise.reject(new Error('the last middleware must answer')),
  );
}

import { RollcallError } from '../../errors.js';
import type { Logger } from '../../log.js';
import type { GraphRequest, GraphResponse, InnerRequest, Middleware, Next, Tally } from '../compose.js';
import { isBatchAnswer, MOST_IN_BATCH, toAnswers, toBatchBody, type Part } from '../json-batch.js';

/** Enough for a hundred milliseconds of latency, and few enough to burden no one. */
export const MOST_BATCHES = 4;

export interface BatchOptions {
  /** `https://graph.microsoft.com/v1.0/`: what is below can be asked for in a batch. */
  readonly root: string;
  /** Posts the body of a batch, and repeats it if it fails as a whole. */
  readonly post: (body: string, inner: readonly InnerRequest[]) => Promise<GraphResponse>;
  /** Asks for one thing with a request of its own. */
  readonly alone: Next;
  /** Whether this Graph knows batches, as far as is known; outlives this layer. */
  readonly support: { isKnown: boolean };
  readonly log: Logger;
}

interface Waiting extends Part {
  readonly isAlone: boolean;
  readonly resolve: (response: GraphResponse | Promise<GraphResponse>) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The innermost layer of requests that may share an exchange: gathers them into batches, several in flight at a time,
 * and gives each its own answer. Each is throttled, repeated and judged for itself by the layers around this one. Where
 * Graph does not answer batches, each gets an exchange of its own.
 * @throws RollcallError `graph_unreadable` for a request that the batch has not answered; it is asked alone next time
 * @see https://learn.microsoft.com/graph/json-batching
 */
export function batch({ root, post, alone, support, log }: BatchOptions): Middleware {
  const waiting: Waiting[] = [];
  const unanswered = new WeakSet<Tally>();
  let underWay = 0;
  let isDue = false;

  /** After the requests of this turn of the event loop have gathered. */
  function sendSoon(): void {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      send();
    });
  }

  function send(): void {
    for (;;) {
      // A batch that is not full waits for what the answers in flight will ask next.
      const isFull = waiting.length >= MOST_IN_BATCH || !support.isKnown || waiting[0]?.isAlone === true;
      if (waiting.length === 0 || underWay >= MOST_BATCHES || (underWay > 0 && !isFull)) return;
      const parts = next();
      underWay += 1;
      void exchange(parts).finally(() => {
        underWay -= 1;
        sendSoon();
      });
    }
  }

  function next(): Waiting[] {
    const isLonely = !support.isKnown || waiting[0]?.isAlone === true;
    const other = waiting.findIndex(({ isAlone }) => isAlone);
    const most = isLonely ? 1 : Math.min(MOST_IN_BATCH, other === -1 ? waiting.length : other);
    return waiting.splice(0, most);
  }

  /** Settles every part; never rejects. */
  async function exchange(parts: readonly Waiting[]): Promise<void> {
    const [first] = parts;
    // The requests of one layer are of one read, and end with it.
    if (first?.request.signal.aborted === true) {
      for (const { request, reject } of parts) reject(request.signal.reason);
      return;
    }
    if (parts.length === 1 && first !== undefined) {
      const answer = alone(first.request);
      first.resolve(answer);
      await answer.catch(() => {});
      return;
    }
    try {
      const body = await posted(parts);
      if (body === undefined) waiting.unshift(...parts);
      else settle(parts, toAnswers(body, parts));
    } catch (error) {
      for (const { reject } of parts) reject(error);
    }
  }

  /** The body of the batch's answer; undefined if there is none. */
  async function posted(parts: readonly Part[]): Promise<unknown> {
    let found: Readonly<Record<string, unknown>>;
    try {
      const { status, body } = await post(toBatchBody(parts), parts.map(toInner));
      // Some say 424 of a batch that holds a throttled answer: what counts is each one's own status.
      if (isBatchAnswer(body)) return body;
      found = { status };
    } catch (error) {
      const isGraphs = error instanceof RollcallError && ['graph_unreachable', 'graph_unreadable'].includes(error.code);
      if (!isGraphs) throw error;
      found = { code: error.code, reason: error.message };
    }
    if (support.isKnown) log.warn(found, 'Graph does not answer $batch: one request at a time for the rest of the run');
    support.isKnown = false;
    return undefined;
  }

  function settle(parts: readonly Waiting[], answers: readonly (GraphResponse | undefined)[]): void {
    for (const [index, { request, path, resolve, reject }] of parts.entries()) {
      const answer = answers[index];
      if (answer === undefined) {
        unanswered.add(request.tally);
        log.debug({ path: plain(path) }, 'no answer in a batch');
        reject(missing(request));
        continue;
      }
      const { status, headers } = answer;
      if (status >= 400) {
        log.debug({ path: plain(path), status, retryAfter: headers['retry-after'] }, 'refused in a batch');
      }
      resolve(answer);
    }
  }

  return (request) => {
    const { href } = request.url;
    return new Promise((resolve, reject) => {
      const isAlone = unanswered.has(request.tally) || !href.startsWith(root);
      waiting.push({ request, path: href.slice(root.length - 1), isAlone, resolve, reject });
      sendSoon();
    });
  };
}

const toInner = ({ request: { method, url, tally } }: Part): InnerRequest => ({
  method,
  url,
  attempt: tally.retries + 1,
});

/** Without the query, which may hold a token of continuation. */
const plain = (path: string): string => path.replace(/\?.*/s, '');

function missing({ url }: GraphRequest): RollcallError {
  return new RollcallError(
    'graph_unreadable',
    `A batch came back without a readable answer for ${url.pathname}`,
    'A proxy or gateway may cut or replace answers. Retry once that is fixed.',
  );
}

import {
  Client,
  ResponseType,
  type Context,
  type Middleware as SdkMiddleware,
} from '@microsoft/microsoft-graph-client';
import type { Logger } from '../log.js';
import { compose, emptyTally, type GraphRequest, type GraphResponse, type Next } from './exchange.js';
import { graphError } from './graph-errors.js';
import { accessLog } from './middleware/access-log.js';
import { auth } from './middleware/auth.js';
import { budget, createBudget } from './middleware/budget.js';
import { fetch } from './middleware/fetch.js';
import { retry, type RetryOptions } from './middleware/retry.js';
import { telemetry, type Cost } from './middleware/telemetry.js';
import { timeout } from './middleware/timeout.js';
import { follow, isPage, toPage, type Page } from './pages.js';
import { createTokenSource, type Credential } from './token-source.js';
import { createTransport } from './transport.js';

export interface GraphClientOptions {
  readonly credential: Credential;
  readonly authorityHost: string;
  /** Without the version: `https://graph.microsoft.com`. */
  readonly graphBaseUrl: string;
  readonly certificateAuthority?: string | undefined;
  readonly retry?: Partial<RetryOptions>;
}

export interface ReaderOptions {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Named in the error where Graph forbids. */
  readonly permissions: readonly string[];
  readonly onCost: (cost: Cost) => void;
}

/** Reads one tenant's Graph on behalf of one run. */
export interface GraphReader {
  /** @param start a path below `/v1.0` with its query, or a link that a page gave */
  pages(start: string, options?: ReadOptions): AsyncGenerator<Page, void, void>;
}

export interface ReadOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** One tenant's Graph: its token, its connections and its budget are shared by all readers. */
export interface GraphClient {
  /** Fetches a token, to find out before anything starts whether the credential is good. */
  signIn(): Promise<void>;
  reader(options: ReaderOptions): GraphReader;
  close(): Promise<void>;
}

const VERSION = 'v1.0';
const TIMEOUT_MS = 100_000;

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { credential, authorityHost, graphBaseUrl } = options;
  const graphOrigin = new URL(graphBaseUrl).origin;
  const transport = createTransport(options.certificateAuthority);
  const tokens = createTokenSource({ credential, authorityHost, graphOrigin, transport });
  const shared = createBudget();

  return {
    async signIn() {
      await tokens.get();
    },
    reader({ log, signal, permissions, onCost }) {
      const chain = compose([
        telemetry(onCost),
        retry(options.retry),
        budget(shared),
        accessLog(log),
        timeout(),
        auth(tokens, graphOrigin),
        fetch(transport),
      ]);
      const client = Client.initWithMiddleware({
        baseUrl: `${graphBaseUrl}/`,
        defaultVersion: VERSION,
        middleware: new Chain(chain),
      });

      const readPage = async (link: string, { headers = {}, timeoutMs = TIMEOUT_MS }: ReadOptions): Promise<Page> => {
        const call = new Call(link, { headers, signal, timeoutMs, isExpected: isPage });
        await client.api(link).middlewareOptions([call]).responseType(ResponseType.RAW).get();
        const { url, response } = call.ended();
        if (response.status !== 200) throw graphError(response, url, permissions);
        return toPage(response.body);
      };

      return { pages: (start, read = {}) => follow(start, (link) => readPage(link, read)) };
    },
    close: () => transport.close(),
  };
}

type CallOptions = Pick<GraphRequest, 'headers' | 'signal' | 'timeoutMs' | 'isExpected'>;

/** What the SDK carries through to our chain, and what the chain brings back: the SDK's way to pass per-call options. */
class Call {
  readonly #link: string;
  readonly #options: CallOptions;
  #end: { url: URL; response: GraphResponse } | undefined;

  constructor(link: string, options: CallOptions) {
    this.#link = link;
    this.#options = options;
  }

  async run(builtUrl: string, chain: Next): Promise<GraphResponse> {
    // The SDK takes links apart and puts them together again; an opaque link must arrive as it came.
    const url = new URL(URL.canParse(this.#link) ? this.#link : builtUrl);
    const response = await chain({ method: 'GET', url, tally: emptyTally(), ...this.#options });
    this.#end = { url, response };
    return response;
  }

  ended() {
    if (this.#end === undefined) throw new Error('the call has not ended');
    return this.#end;
  }
}

/** Our chain as the one middleware of the SDK. */
class Chain implements SdkMiddleware {
  readonly #chain: Next;

  constructor(chain: Next) {
    this.#chain = chain;
  }

  async execute(context: Context): Promise<void> {
    const call: unknown = context.middlewareControl?.getMiddlewareOptions(Call);
    if (!(call instanceof Call)) throw new Error('every request carries a Call');
    await call.run(String(context.request), this.#chain);
    // The body was read and parsed inside the chain, where a broken one can be asked for again.
    context.response = new Response();
  }
}

// The project's fixed packages include Microsoft's SDK, so its Client carries every request. It builds URLs and calls our middleware; nothing
// else of it is used.
import {
  ResponseType,
  type Client,
  type Context,
  type Middleware as SdkMiddleware,
} from '@microsoft/microsoft-graph-client';
import { emptyTally, type GraphRequest, type GraphResponse, type Next } from './compose.js';

export type CallOptions = Pick<GraphRequest, 'headers' | 'signal' | 'timeoutMs' | 'isExpected'> & {
  /** What is posted; without it the call is a GET. */
  readonly body?: string;
  readonly inner?: NonNullable<GraphRequest['inner']>;
};

/** How a call ended, and of which address. */
export interface CallEnd {
  readonly url: URL;
  readonly response: GraphResponse;
}

/**
 * One call on its way through the SDK: it carries our options to our chain, and brings back what the chain gave. The
 * SDK passes per-call options by class, hence one.
 */
export class Call {
  readonly #link: string;
  readonly #options: CallOptions;
  #end: Promise<CallEnd> | undefined;

  /** @param link a path below the version, or an absolute link */
  constructor(link: string, options: CallOptions) {
    this.#link = link;
    this.#options = options;
  }

  async through(client: Client): Promise<CallEnd> {
    const request = client.api(this.#link).middlewareOptions([this]).responseType(ResponseType.RAW);
    await (this.#options.body === undefined ? request.get() : request.post(this.#options.body));
    if (this.#end === undefined) throw new Error('the SDK ended a call without calling its middleware');
    return this.#end;
  }

  /** Never rejects: the SDK would make an error of its own out of ours. `through` rejects with ours. */
  async run(builtUrl: string, chain: Next): Promise<void> {
    // The SDK takes links apart and puts them together again; an opaque link must arrive as it came.
    const url = new URL(URL.canParse(this.#link) ? this.#link : builtUrl);
    const method = this.#options.body === undefined ? 'GET' : 'POST';
    this.#end = chain({ method, url, tally: emptyTally(), ...this.#options }).then((response) => ({
      url,
      response,
    }));
    await this.#end.catch(() => {});
  }
}

/** Our chain as the one middleware of the SDK. */
export class Chain implements SdkMiddleware {
  readonly #chain: Next;

  constructor(chain: Next) {
    this.#chain = chain;
  }

  async execute(context: Context): Promise<void> {
    const call: unknown = context.middlewareControl?.getMiddlewareOptions(Call);
    if (!(call instanceof Call)) throw new Error('every request carries a Call');
    await call.run(String(context.request), this.#chain);
    // The body was read and parsed inside the chain, where a broken one can be requested again.
    context.response = new Response();
  }
}

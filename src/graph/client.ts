import { Client } from '@microsoft/microsoft-graph-client';
import type { Logger } from '../log.js';
import { compose } from './exchange.js';
import { graphError } from './graph-errors.js';
import { accessLog } from './middleware/access-log.js';
import { auth } from './middleware/auth.js';
import { budget, createBudget } from './middleware/budget.js';
import { fetch } from './middleware/fetch.js';
import { retry, type RetryOptions } from './middleware/retry.js';
import { telemetry, type Cost } from './middleware/telemetry.js';
import { timeout } from './middleware/timeout.js';
import type { OnExchange } from './observe.js';
import { follow, isPage, toPage, type Page } from './pages.js';
import { Call, Chain } from './sdk-bridge.js';
import { createTokenSource, type Credential, type LoginRetry } from './token-source.js';
import { createTransport } from './transport.js';

export interface GraphClientOptions {
  readonly credential: Credential;
  readonly authorityHost: string;
  /** Without the version: `https://graph.microsoft.com`. */
  readonly graphBaseUrl: string;
  readonly certificateAuthority?: string | undefined;
  /** Hears of every exchange with the login; readers have their own. */
  readonly onLogin: OnExchange;
  /** How long an exchange may take; 100 s unless given. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryOptions>;
  readonly login?: LoginRetry;
}

export interface ReaderOptions {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Named in the error where Graph forbids. */
  readonly permissions: readonly string[];
  /** Once a call, all its attempts together. */
  readonly onCost: (cost: Cost) => void;
  readonly onExchange: OnExchange;
}

/** Reads one tenant's Graph on behalf of one run. */
export interface GraphReader {
  /** @param start a path below `/v1.0` with its query, or a link that a page gave */
  pages(start: string, options?: ReadOptions): AsyncGenerator<Page, void, void>;
  /** One object. @param path below `/v1.0` */
  get(path: string): Promise<unknown>;
}

export interface ReadOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** How many times longer than usual an exchange may take. */
  readonly patience?: number;
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
  const { credential, authorityHost, graphBaseUrl, onLogin, retry: retryOptions, login } = options;
  const { timeoutMs: usualTimeoutMs = TIMEOUT_MS } = options;
  const graphOrigin = new URL(graphBaseUrl).origin;
  const transport = createTransport(options.certificateAuthority);
  const tokens = createTokenSource({
    credential,
    authorityHost,
    graphOrigin,
    transport,
    onExchange: onLogin,
    retry: login,
  });
  const shared = createBudget();

  return {
    async signIn() {
      await tokens.get();
    },
    reader({ log, signal, permissions, onCost, onExchange }) {
      const chain = compose([
        telemetry(onCost),
        retry(retryOptions),
        budget(shared),
        accessLog(log, onExchange),
        timeout(),
        auth(tokens, graphOrigin),
        fetch(transport),
      ]);
      const client = Client.initWithMiddleware({
        baseUrl: `${graphBaseUrl}/`,
        defaultVersion: VERSION,
        middleware: new Chain(chain),
      });

      const read = async (
        link: string,
        options: ReadOptions,
        isExpected: (body: unknown) => boolean,
      ): Promise<unknown> => {
        const { headers = {}, patience = 1 } = options;
        const timeoutMs = usualTimeoutMs * patience;
        const call = new Call(link, { headers, signal, timeoutMs, isExpected });
        const { url, response } = await call.through(client);
        if (response.status !== 200) throw graphError(response, url, permissions);
        return response.body;
      };

      return {
        pages: (start, options = {}) => follow(start, async (link) => toPage(await read(link, options, isPage))),
        get: (path) => read(path, {}, (body) => typeof body === 'object' && body !== null),
      };
    },
    close: () => transport.close(),
  };
}

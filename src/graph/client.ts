import { setMaxListeners } from 'node:events';
import { Client } from '@microsoft/microsoft-graph-client';
import { accountOf, type Account } from '../settings/credential.js';
import type { RollcallError } from '../errors.js';
import type { Logger } from '../log.js';
import { createBudget, type SharedBudget } from './budget/budget.js';
import type { LimitOptions } from './budget/limits.js';
import type { InnerRequest, Next } from './compose.js';
import { graphError } from './graph-errors.js';
import { MOST_BATCHES } from './middleware/batch.js';
import { firstWaitOf, type RetryOptions } from './middleware/retry.js';
import type { Cost } from './middleware/telemetry.js';
import { isBatchAnswer, MOST_IN_BATCH } from './json-batch.js';
import type { OnExchange } from './http/observe.js';
import { follow, isPage, toPage, type Page } from './pages.js';
import { readMany, type Answer, type PassesOver, type Start } from './read-many.js';
import { createSingles, type Singles } from './singles.js';
import { createStacks } from './stack.js';
import { fetchSecretExpiry } from './login/secret-expiry.js';
import { Call, Chain, type CallOptions } from './sdk-bridge.js';
import type { Credential, IdentityService } from './login/credential.js';
import { claimsOf, rolesIn, type TokenFacts } from './login/token-facts.js';
import { createTokenSource, type LoginRetry } from './login/token-source.js';
import { createTransport, type Proxy } from './http/transport.js';

export interface GraphClientOptions {
  readonly credential: Credential;
  readonly authorityHost: string;
  /** Without the version: `https://graph.microsoft.com`. */
  readonly graphBaseUrl: string;
  /** For whom tokens are; the origin of `graphBaseUrl` unless given. */
  readonly graphAudience?: string | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly proxy?: Proxy | undefined;
  readonly identityService?: IdentityService | undefined;
  /** The share of a token's life that is left when it is renewed in the background; 10 unless given. */
  readonly tokenRefreshPercent?: number | undefined;
  /** Hears of a renewal that failed while the old token is still good. */
  readonly onRenewalFailure?: ((error: RollcallError) => void) | undefined;
  /** Hears of every exchange with the login; readers have their own. */
  readonly onLogin: OnExchange;
  /** How long an exchange may take; 100 s unless given. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryOptions>;
  readonly login?: LoginRetry;
  readonly budget?: LimitOptions;
}

export interface ReaderOptions {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Named in the error if Graph forbids. */
  readonly permissions: readonly string[];
  /** Once a call, all its attempts together. */
  readonly onCost: (cost: Cost) => void;
  readonly onExchange: OnExchange;
}

/** Reads one tenant's Graph on behalf of one run. */
export interface GraphReader extends Singles {
  /** @param start a path below `/v1.0` with its query, or a link that a page gave */
  pages(start: string, options?: ReadOptions): AsyncGenerator<Page, void, void>;
  /**
   * Many collections, several at a time and in batches: whatever has come, in any order between collections and in order
   * within each. A collection that Graph does not find has no page, nor one that it forbids if `passesOver` says so; any
   * other failure ends all.
   */
  pagesOf(starts: Iterable<Start>, passesOver?: PassesOver): AsyncGenerator<readonly Answer[], void, void>;
  /**
   * The first page of a collection.
   * @param path below `/v1.0`
   * @throws RollcallError `graph_unreadable` if what comes is no page
   */
  page(path: string): Promise<Page>;
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
  /** As whom it asks. */
  readonly account: Account;
  /** Fetches a token, to find out before anything starts whether the credential is good. */
  signIn(signal?: AbortSignal): Promise<void>;
  /** What the token says of itself, fetched if there is none yet. */
  tokenFacts(): Promise<TokenFacts>;
  /**
   * When the client secret that it logs in with expires; undefined if that cannot be seen, or there is none.
   * @throws RollcallError if Graph refuses to say
   */
  secretExpiry(reader: GraphReader): Promise<Date | undefined>;
  reader(options: ReaderOptions): GraphReader;
  /** From now on the budget is shared with other processes: the login comes before what they share it through. */
  shareBudget(shared: SharedBudget): void;
  close(): Promise<void>;
}

type Until = ReadOptions & { readonly until?: AbortSignal };

const isObject = (body: unknown): boolean => typeof body === 'object' && body !== null && !Array.isArray(body);

const VERSION = 'v1.0';
const JSON_BODY = { 'content-type': 'application/json' };
const TIMEOUT_MS = 100_000;

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { credential, authorityHost, graphBaseUrl, certificateAuthority, proxy, retry: retryOptions } = options;
  const { timeoutMs: usualTimeoutMs = TIMEOUT_MS } = options;
  const graphOrigin = new URL(graphBaseUrl).origin;
  const root = new URL(`${graphBaseUrl}/${VERSION}/`).href;
  const transport = createTransport({ certificateAuthority, proxy });
  const tokens = createTokenSource({
    credential,
    authorityHost,
    audience: options.graphAudience ?? graphOrigin,
    transport,
    onExchange: options.onLogin,
    retry: options.login,
    identityService: options.identityService,
    refreshPercent: options.tokenRefreshPercent,
    onRenewalFailure: options.onRenewalFailure,
  });
  const shared = createBudget({ host: new URL(graphOrigin).hostname, ...options.budget });

  return {
    account: accountOf(credential),
    async signIn(signal) {
      await tokens.get(signal);
    },
    async tokenFacts() {
      const { value, expiresAt } = await tokens.get();
      return { kind: credential.kind, expiresAt, ...claimsOf(value) };
    },
    secretExpiry: (reader) => fetchSecretExpiry(credential, reader),
    reader({ log, signal, permissions, onCost, onExchange }) {
      // One for each request in flight or waiting, not a leak.
      setMaxListeners(0, signal);
      const stacks = createStacks({
        log,
        retry: retryOptions,
        budget: shared,
        tokens,
        graphOrigin,
        transport,
        onCost,
        onExchange,
      });
      const single = sdkOver(stacks.single);
      const support = { isKnown: true };
      const roles = () => {
        const token = tokens.peek();
        return token === undefined ? undefined : rolesIn(claimsOf(token.value));
      };

      const batched = (signal: AbortSignal): Client => {
        const post = async (body: string, inner: readonly InnerRequest[]) => {
          const timeoutMs = usualTimeoutMs;
          const options = { body, inner, headers: JSON_BODY, signal, timeoutMs, isExpected: isBatchAnswer };
          return (await new Call('/$batch', options).through(single)).response;
        };
        return sdkOver(stacks.inBatches({ root, post, support }));
      };

      const read = async (
        client: Client,
        link: string,
        options: Until & Pick<CallOptions, 'isExpected'>,
      ): Promise<{ readonly body: unknown; readonly url: URL }> => {
        const { headers = {}, patience = 1, isExpected, until = signal } = options;
        const timeoutMs = usualTimeoutMs * patience;
        const call = new Call(link, { headers, signal: until, timeoutMs, isExpected });
        const { url, response } = await call.through(client);
        if (response.status !== 200) throw graphError(response, url, permissions, roles());
        return { body: response.body, url };
      };
      const readBody = async (...asked: Parameters<typeof read>) => (await read(...asked)).body;
      const readPage = async (client: Client, link: string, options: Until): Promise<Page> => {
        const { body, url } = await read(client, link, { ...options, isExpected: isPage });
        return toPage(body, url);
      };

      return {
        pages: (start, options = {}) => follow(start, (link) => readPage(single, link, options)),
        page: (path) => readPage(single, path, {}),
        pagesOf(starts, passesOver) {
          const stop = new AbortController();
          const until = AbortSignal.any([signal, stop.signal]);
          // Each open collection listens: that is many, not a leak.
          setMaxListeners(0, until);
          const client = batched(until);
          const open = (link: string) => follow(link, (link) => readPage(client, link, { until }));
          return readMany(starts, { open, atOnce: MOST_BATCHES * MOST_IN_BATCH, stop, passesOver });
        },
        get: (path) => readBody(single, path, { isExpected: isObject }),
        ...createSingles({
          gather: () => {
            const client = batched(signal);
            return (path, options) => readBody(client, path, options);
          },
          atOnce: MOST_BATCHES * MOST_IN_BATCH,
          pauseMs: 2 * firstWaitOf(retryOptions),
          signal,
        }),
      };
    },
    shareBudget: (through) => shared.share(through),
    async close() {
      tokens.close();
      await transport.close();
    },
  };

  function sdkOver(chain: Next): Client {
    return Client.initWithMiddleware({
      baseUrl: `${graphBaseUrl}/`,
      defaultVersion: VERSION,
      middleware: new Chain(chain),
    });
  }
}

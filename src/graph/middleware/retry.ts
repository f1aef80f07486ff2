import pRetry from 'p-retry';
import { RetryLater, RollcallError } from '../../errors.js';
import type { GraphResponse, Middleware } from '../compose.js';

export interface RetryOptions {
  /** Repeats after a failure of the server or the network, with doubling, jittered waits. */
  readonly retries: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Repeats after being throttled; then the work is handed back until Graph has calmed down. */
  readonly throttledRetries: number;
  readonly handBackMs: number;
}

// Five repeats with these waits span half a minute to a minute: the restart of a gateway, not the outage of a region.
const DEFAULTS: RetryOptions = {
  retries: 5,
  firstWaitMs: 1000,
  longestWaitMs: 20_000,
  throttledRetries: 8,
  handBackMs: 60_000,
};

/** The wait before a first repeat, in milliseconds. */
export const firstWaitOf = ({ firstWaitMs = DEFAULTS.firstWaitMs }: Partial<RetryOptions> = {}): number => firstWaitMs;

/**
 * The one layer that repeats what failed, bounded by count (invariant 6). It does not wait for throttling: the budget below does,
 * because every worker must. Failures that are final (a foreign link, a refused login) pass through untouched.
 * @throws RetryLater if Graph keeps throttling
 * @see https://learn.microsoft.com/graph/best-practices-concept#handling-expected-errors
 */
export function retry(options: Partial<RetryOptions> = {}): Middleware {
  const { retries, firstWaitMs, longestWaitMs, throttledRetries, handBackMs } = { ...DEFAULTS, ...options };
  return async (request, next) => {
    let attempts = 0;
    let throttles = 0;
    let unauthorized = 0;

    const attempt = async (): Promise<GraphResponse> => {
      if (attempts > 0) request.tally.retries += 1;
      attempts += 1;
      const response = await next(request);
      const failure = failureOf(response);
      if (failure !== undefined) throw new FailedResponse(failure, response);
      return response;
    };

    try {
      return await pRetry(attempt, {
        retries,
        minTimeout: firstWaitMs,
        maxTimeout: longestWaitMs,
        randomize: true,
        signal: request.signal,
        shouldConsumeRetry: ({ error }) => !['throttled', 'unauthorized'].includes(failureOf(error) ?? ''),
        shouldRetry: ({ error }) => {
          const failure = failureOf(error);
          if (failure === 'throttled') return ++throttles <= throttledRetries;
          // A second new token would be refused like the first.
          if (failure === 'unauthorized') return ++unauthorized <= 1;
          return failure === 'failed';
        },
      });
    } catch (error) {
      if (!(error instanceof FailedResponse)) throw error;
      if (error.failure === 'throttled') throw new RetryLater(handBackMs, 'Graph keeps throttling this tenant');
      return error.response;
    }
  };
}

type Failure = 'throttled' | 'unauthorized' | 'failed';

/** Carries a response through p-retry, which repeats what throws. */
class FailedResponse extends Error {
  readonly failure: Failure;
  readonly response: GraphResponse;

  constructor(failure: Failure, response: GraphResponse) {
    super(`Graph answered ${response.status}`);
    this.failure = failure;
    this.response = response;
  }
}

// 409 is a lost race between two writers in the directory; 509 a bandwidth cap.
const FAILED = new Set([408, 409, 500, 502, 503, 504, 509]);

function failureOf(outcome: GraphResponse | Error): Failure | undefined {
  if (outcome instanceof FailedResponse) return outcome.failure;
  if (outcome instanceof RollcallError) {
    return outcome.code === 'graph_unreachable' || outcome.code === 'graph_unreadable' ? 'failed' : undefined;
  }
  if (outcome instanceof Error) return undefined;
  if (outcome.status === 429) return 'throttled';
  if (outcome.status === 401) return 'unauthorized';
  // Graph answers a request for something with 200: what else is a success came from something in between.
  const isEmpty = outcome.status > 200 && outcome.status < 300;
  return isEmpty || FAILED.has(outcome.status) ? 'failed' : undefined;
}

import type { Logger } from '../log.js';
import type { Budget } from './budget/budget.js';
import { compose, type Middleware, type Next } from './compose.js';
import type { OnExchange } from './http/observe.js';
import type { Transport } from './http/transport.js';
import type { TokenKeeper } from './login/token-keeper.js';
import { accessLog } from './middleware/access-log.js';
import { auth } from './middleware/auth.js';
import { batch, type BatchOptions } from './middleware/batch.js';
import { budget, pause } from './middleware/budget.js';
import { concurrency, latency } from './middleware/concurrency.js';
import { fetch } from './middleware/fetch.js';
import { retry, type RetryOptions } from './middleware/retry.js';
import { telemetry, type Cost } from './middleware/telemetry.js';
import { timeout } from './middleware/timeout.js';

export interface StackOptions {
  readonly log: Logger;
  readonly retry: Partial<RetryOptions> | undefined;
  readonly budget: Budget;
  readonly tokens: TokenKeeper;
  readonly graphOrigin: string;
  readonly transport: Transport;
  readonly onCost: (cost: Cost) => void;
  readonly onExchange: OnExchange;
}

export interface Stacks {
  /** For a request that has an exchange of its own. */
  readonly single: Next;
  /** For requests that share exchanges. */
  inBatches(options: Omit<BatchOptions, 'alone' | 'log'>): Next;
}

/** The layers that the requests of one reader pass, outermost first. */
export function createStacks({ budget: shared, tokens, graphOrigin, transport, ...options }: StackOptions): Stacks {
  // Counts how often Graph throttles in a row, so the requests of a reader share it.
  const units = budget(shared);
  return {
    single: compose([
      telemetry(options.onCost), // what a call costs, all its attempts together
      retry(options.retry), // the one layer that repeats
      concurrency(shared), // room among the exchanges in flight: before the units, because waiting for room must not cost any
      units, // the units that Graph charges, and its pauses
      latency(shared), // how long an exchange takes, which decides how many may be in flight
      accessLog(options.log, options.onExchange), // a record of each exchange
      timeout(), // the time that an exchange may take, its body included
      auth(tokens, graphOrigin), // the token, for Graph's own host only
      fetch(transport),
    ]),
    inBatches: (gathering) =>
      compose([
        telemetry(options.onCost),
        retry(options.retry),
        units, // each request pays for itself; those of a batch share the room of one exchange
        auth(tokens, graphOrigin),
        batch({ ...gathering, log: options.log, alone: compose(alone()) }),
      ]),
  };

  /** For a request that no batch can answer: it has paid and is repeated above. */
  function alone(): Middleware[] {
    return [
      concurrency(shared),
      pause(shared),
      latency(shared),
      accessLog(options.log, options.onExchange),
      timeout(),
      auth(tokens, graphOrigin),
      fetch(transport),
    ];
  }
}

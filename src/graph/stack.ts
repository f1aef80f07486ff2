import type { Logger } from '../log.js';
import type { Budget } from './budget/budget.js';
import { compose, type Next } from './compose.js';
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
  /** For requests that share exchanges; what is true of a request alone is true of each of them. */
  inBatches(options: Omit<BatchOptions, 'alone' | 'log'>): Next;
}

/** The layers that the requests of one reader pass, outermost first. */
export function createStacks(options: StackOptions): Stacks {
  const { log, budget: shared, tokens, graphOrigin } = options;
  const units = budget(shared);
  const room = concurrency(shared);
  const asked = [
    // What a call costs, all its attempts together.
    telemetry(options.onCost),
    // The one layer that repeats.
    retry(options.retry),
  ];
  const wire = [
    // How long an exchange took: how many may be in flight follows from it.
    latency(shared),
    // Each exchange on record.
    accessLog(log, options.onExchange),
    // The time that an exchange may take, its body included.
    timeout(),
    // The token, for Graph's own host alone.
    auth(tokens, graphOrigin),
    // The wire.
    fetch(options.transport),
  ];
  return {
    // Room among those in flight comes before the units: what waits for room must not have paid yet.
    single: compose([...asked, room, units, ...wire]),
    inBatches: (gathering) =>
      compose([
        ...asked,
        // Each pays for itself; those of a batch have room together.
        units,
        auth(tokens, graphOrigin),
        batch({ ...gathering, log, alone: compose([room, pause(shared), ...wire]) }),
      ]),
  };
}

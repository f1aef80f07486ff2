import { emptyTally, type Middleware, type Tally } from '../compose.js';

/** What a call cost, retries included. */
export type Cost = Readonly<Tally>;

/** Reports what each call cost, once, when it has ended, well or not. */
export function telemetry(onCost: (cost: Cost) => void): Middleware {
  return async (request, next) => {
    const tally = emptyTally();
    try {
      return await next({ ...request, tally });
    } finally {
      onCost({ ...tally });
    }
  };
}

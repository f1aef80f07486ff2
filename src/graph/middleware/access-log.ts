import { randomUUID } from 'node:crypto';
import type { Logger } from '../../log.js';
import type { Middleware } from '../compose.js';
import { observe, type OnExchange } from '../http/observe.js';
import { innerExchanges } from './inner-exchanges.js';

/**
 * Reports every exchange: to the log at debug, and to the access log for auditors (what was read, when) and for
 * Microsoft's support, who find a request by its ids. Each attempt gets an id of its own.
 * @see https://learn.microsoft.com/graph/best-practices-concept#reliability-and-support
 */
export function accessLog(log: Logger, onExchange: OnExchange): Middleware {
  return async (request, next) => {
    const { method, url, tally, inner } = request;
    const clientRequestId = randomUUID();
    const headers = { ...request.headers, 'client-request-id': clientRequestId };
    const before = tally.bytes;
    tally.requests += 1;
    let body: unknown;
    return observe(
      { method, url, clientRequestId, attempt: tally.requests, bytes: () => tally.bytes - before },
      async () => {
        const answer = await next({ ...request, headers });
        ({ body } = answer);
        return answer;
      },
      (exchange) => {
        log.debug(exchange, 'graph exchange');
        onExchange(inner === undefined ? exchange : { ...exchange, inner: innerExchanges(exchange, inner, body) });
      },
    );
  };
}

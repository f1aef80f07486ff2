import { randomUUID } from 'node:crypto';
import type { Logger } from '../../log.js';
import type { Middleware } from '../exchange.js';

// Opaque continuation tokens: long, worthless to a reader, and they encode what was asked for.
const OPAQUE = /^\$(skip|delta)token$/i;

/**
 * One line per exchange, for auditors (what was read, when) and for Microsoft's support, who find a request by its
 * ids. Each attempt gets an id of its own.
 * @see https://learn.microsoft.com/graph/best-practices-concept#reliability-and-support
 */
export function accessLog(log: Logger): Middleware {
  return async (request, next) => {
    const clientRequestId = randomUUID();
    const facts = { method: request.method, path: readablePath(request.url), clientRequestId };
    const started = performance.now();
    const ms = () => Math.round(performance.now() - started);
    request.tally.requests += 1;
    try {
      const headers = { ...request.headers, 'client-request-id': clientRequestId };
      const response = await next({ ...request, headers });
      const requestId = response.headers['request-id'];
      log.info({ ...facts, status: response.status, requestId, ms: ms() }, 'graph exchange');
      return response;
    } catch (error) {
      log.warn(
        { ...facts, error: error instanceof Error ? error.message : String(error), ms: ms() },
        'graph exchange failed',
      );
      throw error;
    }
  };
}

function readablePath(url: URL): string {
  const query = [...url.searchParams].filter(([name]) => !OPAQUE.test(name)).map(([name, value]) => `${name}=${value}`);
  return url.pathname + (query.length > 0 ? `?${query.join('&')}` : '');
}

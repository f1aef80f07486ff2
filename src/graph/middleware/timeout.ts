import { RollcallError } from '../../errors.js';
import type { Middleware } from '../compose.js';

/** Ends an exchange that takes longer than the request allows, its body included: a body that trickles never ends. */
export function timeout(): Middleware {
  return async (request, next) => {
    const deadline = AbortSignal.timeout(request.timeoutMs);
    try {
      return await next({ ...request, signal: AbortSignal.any([request.signal, deadline]) });
    } catch (error) {
      if (!deadline.aborted || request.signal.aborted) throw error;
      throw new RollcallError(
        'graph_unreachable',
        `${request.url.host} did not finish its answer within ${request.timeoutMs / 1000} s`,
        'Graph is slow, or something in between holds its answers back. Retry once that is fixed, or allow more time (GRAPH_TIMEOUT_SECONDS).',
        { cause: error },
      );
    }
  };
}

import { header } from '../call.js';
import type { Answer, GraphRequest, Route } from './answer.js';
import { badRequest, GraphFailure } from './graph-failure.js';
import { checkOptions, isEventual } from './query-options.js';

/** The count of a collection: plain text, for who asks for it as an advanced query. */
export function countRoute(
  { pattern, permissions, units }: Omit<Route, 'answer'>,
  count: (request: GraphRequest) => number,
): Route {
  return {
    pattern,
    permissions,
    units,
    answer(request): Answer {
      const { call } = request;
      checkOptions(call, { known: [] });
      if (!isEventual(call)) throw badRequest('$count is not currently supported.');
      // Observed, not documented: the count is text and nothing else.
      if (header(call, 'accept')?.includes('application/json') === true) {
        throw new GraphFailure(415, 'Request_BadRequest', 'The requested content type is not supported for $count.');
      }
      return { body: String(count(request)), contentType: 'text/plain' };
    },
  };
}

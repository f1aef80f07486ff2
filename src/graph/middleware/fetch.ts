import { RollcallError } from '../../errors.js';
import type { GraphResponse, Middleware } from '../exchange.js';
import { networkReason } from '../network-reason.js';
import type { Transport } from '../transport.js';

/**
 * The innermost layer: sends the request and reads the whole body, so that a connection that breaks in the middle of a
 * body, or a body that is no JSON, is a failure of the exchange and repeated like any other.
 * @throws RollcallError `graph_unreachable` (network), `graph_unreadable` (a success whose body is not what was asked)
 */
export function fetch(transport: Transport): Middleware {
  return async (request) => {
    const { status, headers, text } = await send();
    const body = parse(text);
    const succeeded = status >= 200 && status < 300;
    if (succeeded && (body === undefined || !request.isExpected(body))) throw unreadable(request.url, text);
    // A server in trouble is best asked again over another connection, which may lead to another server.
    if (status >= 500) transport.renew();
    return { status, headers, body } satisfies GraphResponse;

    async function send() {
      try {
        const { method, url, headers, body, signal } = request;
        const answer = await transport.send({ method, url, headers, body, signal });
        request.tally.bytes += answer.bytes;
        return answer;
      } catch (error) {
        if (request.signal.aborted) throw error;
        transport.renew();
        throw unreachable(request.url, error);
      }
    }
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(url: URL, text: string): RollcallError {
  const found = text === '' ? 'an empty body' : `${text.length} characters`;
  return new RollcallError(
    'graph_unreadable',
    `${url.host}${url.pathname} answered with ${found}, not with the JSON that was asked for`,
    'A proxy or gateway may cut or replace answers. Run it again when that is mended.',
  );
}

function unreachable(url: URL, cause: unknown): RollcallError {
  return new RollcallError(
    'graph_unreachable',
    `No answer from ${url.host}: ${networkReason(cause)}`,
    'Check the network, DNS, proxies (HTTPS_PROXY, NO_PROXY) and certificates between this machine and Graph. Run it again when that is mended.',
    { cause },
  );
}

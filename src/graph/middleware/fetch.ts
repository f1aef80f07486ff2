import { RollcallError } from '../../errors.js';
import type { GraphResponse, Middleware } from '../compose.js';
import { networkReason } from '../http/network-reason.js';
import { parseJson } from '../http/parse-json.js';
import type { Transport } from '../http/transport.js';

/**
 * The innermost layer: sends the request and reads the whole body, so that a connection that breaks in the middle of a
 * body, or a body that is no JSON, is a failure of the exchange and repeated like any other.
 * @throws RollcallError `graph_unreachable` (network), `graph_unreadable` (a success whose body is not what was asked)
 */
export function fetch(transport: Transport): Middleware {
  return async (request) => {
    const { status, headers, text } = await send();
    if (hasTooMuch(text)) throw unreadable(request.url, 'a list of millions of values');
    const body = parseJson(text);
    // Other successes and redirects have no body that was asked for: they are reported as they are.
    if (status === 200 && (body === undefined || !request.isExpected(body))) {
      throw unreadable(request.url, body === undefined ? describe(text) : 'JSON that is not what was asked for');
    }
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

/** Nothing that is asked for has more: 999 users with a thousand addresses each are half of it. */
const MOST_VALUES = 2_000_000;
const [COMMA, BRACKET, BRACE] = [',', '[', '{'].map((character) => character.charCodeAt(0));

/** Whether a text of JSON would become so many values that they fill the memory: three bytes may become one of fifty. */
function hasTooMuch(text: string): boolean {
  if (text.length <= MOST_VALUES) return false;
  let values = 0;
  for (let index = 0; index < text.length && values <= MOST_VALUES; index += 1) {
    const code = text.charCodeAt(index);
    if (code === COMMA || code === BRACKET || code === BRACE) values += 1;
  }
  return values > MOST_VALUES;
}

function describe(text: string): string {
  if (text.trim() === '') return 'an empty body';
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) return 'a page of HTML or XML';
  return `${text.length} characters that are no JSON`;
}

function unreadable(url: URL, found: string): RollcallError {
  return new RollcallError(
    'graph_unreadable',
    `${url.host}${url.pathname} answered with ${found}; expected ${EXPECTED}`,
    'A proxy, a gateway or the login page of a network may cut or replace answers. Check GRAPH_BASE_URL, HTTPS_PROXY and NO_PROXY; then retry.',
  );
}

const EXPECTED = 'an object or a list as Graph sends it';

function unreachable(url: URL, cause: unknown): RollcallError {
  return new RollcallError(
    'graph_unreachable',
    `No answer from ${url.host}: ${networkReason(cause)}`,
    'Check the network, DNS, proxies (HTTPS_PROXY, NO_PROXY) and certificates between this machine and Graph. Then retry.',
    { cause },
  );
}

import { RollcallError } from '../errors.js';
import { loginExchange, type LoginExchangeOptions } from './login/login-exchange.js';
import { redirectHost } from './http/redirect.js';
import { createTransport, type TransportOptions } from './http/transport.js';

export interface ReachGraph extends TransportOptions, Omit<LoginExchangeOptions, 'closing'> {
  readonly graphBaseUrl: string;
  readonly signal: AbortSignal;
}

/**
 * Asks Graph for something without a token, which it must refuse: shows that the way there is open, whatever the login says.
 * @returns how long that took
 * @throws RollcallError `graph_unreachable`, `graph_failed` if something other than Graph answers
 */
export async function probeGraph({
  graphBaseUrl,
  signal,
  ...options
}: ReachGraph): Promise<{ readonly tookMs: number }> {
  const transport = createTransport(options);
  const { host } = new URL(graphBaseUrl);
  const started = performance.now();
  try {
    const ask = loginExchange(transport, { ...options, closing: signal });
    const url = new URL(`${graphBaseUrl}/v1.0/organization?$select=id`);
    const answer = await ask({ method: 'GET', url }).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw unreachable(host, cause instanceof Error ? cause.message : 'no answer', cause);
    });
    const tookMs = performance.now() - started;
    const { status } = answer;
    const redirect = redirectHost(answer, url);
    if (status === 401) return { tookMs };
    if (status >= 500 || status === 429) throw unreachable(host, `it answered ${status}`);
    throw new RollcallError(
      'graph_failed',
      `${host} answered ${redirect === undefined ? status : `with a redirect to ${redirect} (${status})`} to a request without a token, which Graph answers with 401`,
      'Check GRAPH_BASE_URL (or AZURE_CLOUD), and proxies that answer in place of Graph.',
    );
  } finally {
    await transport.close();
  }
}

const unreachable = (host: string, reason: string, cause?: unknown) =>
  new RollcallError(
    'graph_unreachable',
    `No answer from ${host}: ${reason}`,
    'Check GRAPH_BASE_URL (or AZURE_CLOUD), DNS, the network, HTTPS_PROXY and NO_PROXY, and that the certificate is trusted (NODE_EXTRA_CA_CERTS names a further authority).',
    { cause },
  );

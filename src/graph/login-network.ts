import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import type { Transport } from './transport.js';

const TIMEOUT_MS = 30_000;

/**
 * MSAL's requests through our transport: the same certificates, proxies and time-outs as Graph's.
 * @param onFailure hears what went wrong on the network, which MSAL's own errors do not say
 */
export function loginNetwork(transport: Transport, onFailure: (cause: unknown) => void): INetworkModule {
  const send = async <T>(
    method: 'GET' | 'POST',
    url: string,
    options: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> => {
    const { status, headers, text } = await transport
      .send({
        method,
        url: new URL(url),
        headers: options.headers ?? {},
        body: options.body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      .catch((cause: unknown) => {
        onFailure(cause);
        throw cause;
      });
    return { status, headers: { ...headers }, body: parse(text) };
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

// A gateway's HTML page becomes an empty answer with the status that came with it.
function parse(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

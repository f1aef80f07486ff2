import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { observe, type OnExchange } from './observe.js';
import type { Transport } from './transport.js';

const TIMEOUT_MS = 30_000;

/**
 * MSAL's requests through our transport: the same certificates, proxies and time-outs as Graph's.
 * @param onFailure hears what went wrong on the network, which MSAL's own errors do not say
 */
export function loginNetwork(
  transport: Transport,
  { onFailure, onExchange }: { onFailure: (cause: unknown) => void; onExchange: OnExchange },
): INetworkModule {
  const send = async <T>(
    method: 'GET' | 'POST',
    address: string,
    { headers = {}, body }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> => {
    const url = new URL(address);
    let bytes = 0;
    const ask = async () => {
      const answer = await transport.send({ method, url, headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      ({ bytes } = answer);
      return answer;
    };
    // MSAL makes one itself.
    const clientRequestId = url.searchParams.get('client-request-id');
    const about = { method, url, attempt: 1, clientRequestId, bytes: () => bytes };
    const answer = await observe(about, ask, onExchange).catch((cause: unknown) => {
      onFailure(cause);
      throw cause;
    });
    return { status: answer.status, headers: { ...answer.headers }, body: parse(answer.text) };
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

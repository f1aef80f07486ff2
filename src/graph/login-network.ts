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
    try {
      const { status, headers, text } = await observe(about, ask, onExchange);
      return { status, headers: { ...headers }, body: parse(text, status) };
    } catch (cause) {
      onFailure(cause);
      throw cause;
    }
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

/**
 * MSAL takes whatever has no `error` for a token: a gateway's page, or an empty body, would be sent to Graph as one, and
 * Graph be blamed.
 */
function parse(text: string, status: number) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    // Said below.
  }
  if (typeof body === 'object' && body !== null && ('access_token' in body || 'error' in body)) return body;
  throw new Error(`it answered ${status} with neither a token nor a reason`);
}

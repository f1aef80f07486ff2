import { networkReason } from '../http/network-reason.js';
import { observe, type OnExchange } from '../http/observe.js';
import type { Incoming, Transport } from '../http/transport.js';

export interface LoginRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** Where it must answer sooner than usual. */
  readonly timeoutMs?: number;
}

/** One request of the login and its answer. Fails with a reason in words. */
export type AskLogin = (request: LoginRequest) => Promise<Incoming>;

export interface LoginExchangeOptions {
  readonly onExchange: OnExchange;
  /** Ends exchanges in flight. */
  readonly closing: AbortSignal;
  /** 30 s unless given. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 30_000;

/** Through our transport: the same certificates, proxies and records as Graph's. */
export function loginExchange(
  transport: Transport,
  { onExchange, closing, timeoutMs: usualTimeoutMs = TIMEOUT_MS }: LoginExchangeOptions,
): AskLogin {
  return ({ method, url, headers = {}, body, timeoutMs: ownTimeoutMs = usualTimeoutMs }) => {
    const timeoutMs = Math.min(ownTimeoutMs, usualTimeoutMs);
    let bytes = 0;
    const ask = async () => {
      const deadline = AbortSignal.timeout(timeoutMs);
      try {
        const signal = AbortSignal.any([deadline, closing]);
        const answer = await transport.send({ method, url, headers, body, signal });
        ({ bytes } = answer);
        return answer;
      } catch (cause) {
        const reason = deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : networkReason(cause);
        throw new Error(reason, { cause });
      }
    };
    const clientRequestId = url.searchParams.get('client-request-id');
    return observe({ method, url, attempt: 1, clientRequestId, bytes: () => bytes }, ask, onExchange);
  };
}

import { errors, Pool, type Dispatcher } from 'undici';

const PROXY = 'the proxy that HTTPS_PROXY names';

/**
 * Connections to a proxy, each of which asks for a tunnel. undici asks a proxy that hangs up without an answer again, at once and
 * for ever, as it does whenever its error is that of a socket: so here it is not.
 * @param timeoutMs how long an answer may take
 */
export const tunnelsThrough =
  (timeoutMs: number) =>
  (proxy: URL, options: object): Dispatcher => {
    const pool = new Pool(proxy, options);
    const ask = pool.connect.bind(pool);
    const connect = (tunnel: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
      const deadline = AbortSignal.timeout(timeoutMs);
      return ask({ ...tunnel, signal: deadline }).catch((error: unknown) => {
        if (deadline.aborted) throw new Error(`no answer from ${PROXY} within ${timeoutMs / 1000} s`);
        throw error instanceof errors.SocketError ? new Error(`${PROXY} closed the connection`) : error;
      });
    };
    return Object.assign(pool, { connect });
  };

import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { secureContextOf } from '../../settings/connections/tls.js';
import { tunnelsThrough } from './tunnels.js';
import { unlessAborted } from './unless-aborted.js';

export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** As received, before decompression. */
  readonly bytes: number;
}

/** HTTP over keep-alive connections, for Graph and for the login. */
export interface Transport {
  send(outgoing: Outgoing): Promise<Incoming>;
  /** Later requests use new connections; those in flight end on the old ones. */
  renew(): void;
  close(): Promise<void>;
}

/** A proxy on the way to https hosts. */
export interface Proxy {
  /** With its user and password, if it wants them. */
  readonly url: string;
  /** Hosts and domains to which it is not the way, separated by commas; `*` for all. */
  readonly except: string;
}

export interface TransportOptions {
  /** PEM of an authority to trust in addition to Node's. */
  readonly certificateAuthority?: string | undefined;
  readonly proxy?: Proxy | undefined;
  /** Bytes that a body may have, on the wire and unpacked; 256 MiB unless given. */
  readonly largestBody?: number;
}

// A page of 999 users with every property at its limit stays below; a body that never ends does not.
const LARGEST_BODY = 256 * 1024 * 1024;
/** JSON shrinks to a tenth or a thirtieth. What shrinks a thousandfold was made to fill the memory of its reader. */
const MOST_TIMES_PACKED = 100;
/** Below this a body may shrink as it likes. */
const HARMLESS_BODY = 16 * 1024 * 1024;

/** How long a connection may take, TLS included, to the host or to the proxy. */
export const CONNECT_TIMEOUT_MS = 10_000;

const unzip = promisify(gunzip);

/** Plain http never goes by a proxy: only the metadata service of this very machine speaks it. */
export function createTransport({
  certificateAuthority,
  proxy,
  largestBody = LARGEST_BODY,
}: TransportOptions = {}): Transport {
  const tls = certificateAuthority === undefined ? {} : { secureContext: secureContextOf({}, certificateAuthority) };
  const open = (): Dispatcher =>
    new EnvHttpProxyAgent({
      // Given even where empty: what is left out the agent reads from the environment of the process itself.
      httpProxy: '',
      httpsProxy: proxy?.url ?? '',
      noProxy: proxy?.except ?? '',
      connect: { ...tls, timeout: CONNECT_TIMEOUT_MS },
      requestTls: { ...tls, timeout: CONNECT_TIMEOUT_MS },
      proxyTls: { ...tls, timeout: CONNECT_TIMEOUT_MS },
      clientFactory: tunnelsThrough(CONNECT_TIMEOUT_MS),
      maxResponseSize: largestBody,
    });
  let agent = open();
  return {
    async send({ url, ...outgoing }) {
      const headers = { 'accept-encoding': 'gzip', ...outgoing.headers };
      const asking = request(url, {
        dispatcher: agent,
        method: outgoing.method,
        headers,
        body: outgoing.body ?? null,
        signal: outgoing.signal ?? null,
        // Time is bounded by the signal alone, in one place.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      // While it connects, undici does not listen to the signal.
      const { signal } = outgoing;
      const response = await (signal === undefined ? asking : unlessAborted(asking, signal));
      const received = Buffer.from(await response.body.arrayBuffer());
      // An answer that has no body by its status may still say how the body is encoded.
      const zipped = response.headers['content-encoding'] === 'gzip' && received.length > 0;
      const maxOutputLength = Math.min(largestBody, Math.max(HARMLESS_BODY, received.length * MOST_TIMES_PACKED));
      const body = zipped ? await unzip(received, { maxOutputLength }) : received;
      // Drops a byte order mark, which some proxies write and JSON does not allow.
      const text = new TextDecoder().decode(body);
      return { status: response.statusCode, headers: flat(response.headers), text, bytes: received.length };
    },
    renew() {
      void agent.close();
      agent = open();
    },
    close: () => agent.destroy(),
  };
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
  );
}

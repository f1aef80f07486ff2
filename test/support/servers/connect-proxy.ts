import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';

/** A proxy for https: it opens tunnels, and remembers where to. */
export interface ConnectProxy {
  readonly url: string;
  /** `host:port`, one a tunnel; of a silent proxy, one a tunnel that was asked for. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

export interface ConnectProxyOptions {
  /** It wants these: `user:password`. */
  readonly credentials?: string;
  /** It answers every request so, and opens nothing. */
  readonly refuses?: number;
  /** It answers nothing: it hangs up, or keeps the connection. */
  readonly silent?: 'hangs-up' | 'keeps';
  /** It is spoken to by TLS itself. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** Then it refuses: a client that asks for ever fails, and does not hang. */
const MOST_HANG_UPS = 10;

export async function createConnectProxy({
  credentials,
  refuses,
  silent,
  certificate,
}: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = certificate === undefined ? createServer() : createTlsServer(certificate);
  const sockets = new Set<{ destroy(): void }>();
  server.on('connect', ({ url = '', headers }, client) => {
    sockets.add(client);
    client.on('error', () => {});
    const bad = wanted !== undefined && headers['proxy-authorization'] !== wanted ? 407 : refuses;
    if (bad !== undefined) {
      client.end(`HTTP/1.1 ${bad} No\r\n\r\n`);
      return;
    }
    tunnels.push(url);
    if (silent === 'hangs-up') client.end(tunnels.length < MOST_HANG_UPS ? '' : 'HTTP/1.1 502 No\r\n\r\n');
    if (silent !== undefined) return;
    const { hostname, port } = new URL(`http://${url}`);
    const upstream = connect(Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${certificate === undefined ? 'http://127.0.0.1' : 'https://localhost'}:${(server.address() as AddressInfo).port}`,
    tunnels,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        server.closeAllConnections();
      }),
  };
}

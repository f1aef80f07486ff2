import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire between a program and a server that a test can break, without harm to the server. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks all connections and refuses new ones, until `restore`. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /**
   * Breaks a connection, once, when a client has sent these texts on it, one after the other.
   * @param options.passed whether the last one still reaches the server
   */
  breakAt(texts: readonly string[], options?: { readonly passed?: boolean }): void;
  /** How often `breakAt` has broken one. */
  readonly broken: number;
  close(): Promise<void>;
}

export async function createTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let trap: { readonly texts: readonly string[]; readonly passed: boolean } | undefined;
  let broken = 0;

  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    let met = 0;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay();
      // A broken half breaks the other; that is all there is to say about it.
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    let deaf = false;
    upstream.on('data', (chunk) => {
      // The server has done what it was told, and the client never learns of it.
      if (deaf) client.destroy();
      else client.write(chunk);
    });
    client.on('data', (chunk) => {
      const wanted = trap?.texts[met];
      if (wanted !== undefined && chunk.includes(wanted)) met += 1;
      const springs = trap !== undefined && met === trap.texts.length;
      deaf = springs && trap?.passed === true;
      if (springs) {
        trap = undefined;
        broken += 1;
      }
      if (springs && !deaf) client.destroy();
      else upstream.write(chunk);
    });
  });
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });

  const port = await listen(0);
  return {
    port,
    cut,
    restore: async () => void (await listen(port)),
    breakAt(texts, { passed = false } = {}) {
      trap = { texts, passed };
    },
    get broken() {
      return broken;
    },
    close: cut,
  };
}

/** The same address by way of the proxy. */
export function through(url: string, { port }: TcpProxy): string {
  const detour = new URL(url);
  detour.hostname = '127.0.0.1';
  detour.port = String(port);
  return detour.href;
}

import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { ServerCertificate } from './certificate.js';

/** A listening server. */
export interface HttpsServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface Listening {
  readonly port: number;
  /** An address of this machine only. */
  readonly address: '127.0.0.1' | '::1';
  /** Plain HTTP if undefined, as for a machine's metadata service. */
  readonly certificate: ServerCertificate | undefined;
}

/** Listens on this machine only; everything about a request is the handler's. */
export function listen(
  { port, address, certificate }: Listening,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<HttpsServer> {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    // A client that hangs up, or `close` in the middle of a wait, ends the request and nothing else.
    handle(request, response).catch(() => response.destroy());
  };
  const server: Server =
    certificate === undefined
      ? createPlainServer(answer)
      : createServer({ cert: certificate.cert, key: certificate.key }, answer);
  // Longer than any client keeps an idle connection: which side ends it must not depend on who is faster.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') return reject(new Error('the server has no port'));
      return resolve({ port: bound.port, close: () => closed(server) });
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

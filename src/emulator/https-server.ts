import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { ServerCertificate } from './certificate.js';

/** A listening server. */
export interface HttpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on this machine only; everything about a request is the handler's. */
export function listen(
  port: number,
  { cert, key }: ServerCertificate,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<HttpsServer> {
  const server = createServer({ cert, key }, (request, response) => {
    // A client that hangs up, or `close` in the middle of a wait, ends the request and nothing else.
    handle(request, response).catch(() => response.destroy());
  });
  // Longer than any client keeps an idle connection: which side ends it must not depend on who is faster.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('the server has no port'));
      return resolve({ port: address.port, close: () => closed(server) });
    });
  });
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

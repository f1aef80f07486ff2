import { Socket } from 'node:net';
import { Pool, type ClientBase } from 'pg';
import { databaseConnection } from '../../settings/connections/database-url.js';
import { systemCode } from '../../errors.js';
import type { Logger } from '../../log.js';
import { classifyEvents, classifyFailures } from './database-errors.js';
import { prepareSession } from './session-settings.js';

export interface PoolOptions {
  /** As `formatDatabaseUrl` writes it. */
  readonly url: string;
  readonly log: Logger;
  readonly maxConnections: number;
  /** What `pg_stat_activity` shows. */
  readonly name: string;
  /** PEM of authorities to trust beside those of Node. */
  readonly certificateAuthority?: string | undefined;
  /** Where unqualified names are looked for; Postgres itself unless given. */
  readonly searchPath?: string;
  /** How long a statement waits for a lock of another session, as Postgres writes it. */
  readonly lockTimeout?: string | undefined;
  /** Makes the socket of a connection; the driver does unless given. */
  readonly stream?: () => Socket;
}

const CONNECT_TIMEOUT_MS = 15_000;

/** The one way to a database: every connection of it sets what it depends on before it is lent. Connects when it is used. */
export function createPool(options: PoolOptions): Pool {
  const { url, log, maxConnections, name, certificateAuthority, searchPath, lockTimeout, stream } = options;
  // The pool waits for the promise, which its types do not know.
  const onConnect = (client: ClientBase): unknown => prepareSession(client, searchPath, lockTimeout);
  const pool = new Pool({
    ...databaseConnection(url, certificateAuthority),
    ...(stream && { stream }),
    max: maxConnections,
    application_name: name,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    onConnect,
  });
  classifyFailures(pool, 'connect');
  classifyFailures(pool, 'query');
  pool.on('connect', (client) => {
    classifyFailures(client, 'query');
    classifyEvents(client);
  });
  // The pool replaces an idle connection that breaks; the query of a connection in use says it by itself.
  pool.on('error', (error) => log.warn({ code: systemCode(error) }, 'an idle database connection broke'));
  return pool;
}

/** The sockets of a pool: a driver or a library that forgets a connection leaves it open, and an open one keeps the process alive. */
export interface KeptSockets {
  readonly stream: () => Socket;
  /** Ends those that are still open. */
  destroy(): void;
}

export function keepSockets(): KeptSockets {
  const sockets = new Set<Socket>();
  return {
    stream() {
      const socket = new Socket();
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      return socket;
    },
    destroy() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

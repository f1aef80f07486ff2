import { Cluster, Redis } from 'ioredis';
import { isSocket } from '../settings/connections/connection-url.js';
import { parseRedisUrl, REDIS_PORT } from '../settings/connections/redis-url.js';
import { secureContextOf } from '../settings/connections/tls.js';

/** A connection to one Redis, or to a cluster of them. */
export type RedisClient = Redis | Cluster;

export interface RedisWay {
  /** As `parseRedisUrl` takes it. */
  readonly redisUrl: string;
  /** PEM of authorities to trust beside those of Node. */
  readonly certificateAuthority?: string | undefined;
}

/** How a client behaves. */
export interface RedisManners {
  /** How often a command is sent again over a new connection; null: for ever, as blocking commands of a queue must be. */
  readonly maxRetriesPerRequest: number | null;
  readonly lazyConnect?: boolean;
  /** Milliseconds until the next try to connect; null: none. */
  readonly retryStrategy?: (times: number) => number | null;
}

/**
 * A client for what a URL names: a server, the one that Sentinels call the primary of a group, or a cluster.
 * @see https://redis.github.io/ioredis/
 */
export function createRedis({ redisUrl, certificateAuthority }: RedisWay, manners: RedisManners): RedisClient {
  const { kind, hosts, group, user, password, sentinelUser, sentinelPassword, database, tls } = parseRedisUrl(redisUrl);
  const secure = tls === undefined ? undefined : { secureContext: secureContextOf(tls, certificateAuthority) };
  const { lazyConnect = false, retryStrategy, maxRetriesPerRequest } = manners;
  const options = {
    maxRetriesPerRequest,
    db: database,
    reconnectOnError,
    ...(user !== '' && { username: user }),
    ...(password !== '' && { password }),
    ...(secure && { tls: secure }),
  };
  const own = { ...options, lazyConnect, ...(retryStrategy && { retryStrategy }) };
  const nodes = hosts.map(({ host, port = REDIS_PORT[kind] }) => ({ host: host === '' ? 'localhost' : host, port }));
  switch (kind) {
    case 'single': {
      const [{ host, port } = { host: 'localhost', port: REDIS_PORT[kind] }] = nodes;
      return new Redis({ ...own, ...(isSocket(host) ? { path: host } : { host, port }) });
    }
    case 'sentinel':
      // The Sentinels speak TLS if the servers do.
      return new Redis({
        ...own,
        name: group,
        sentinels: nodes,
        ...(sentinelUser !== '' && { sentinelUsername: sentinelUser }),
        ...(sentinelPassword !== '' && { sentinelPassword }),
        ...(retryStrategy && { sentinelRetryStrategy: retryStrategy }),
        ...(secure && { enableTLSForSentinelMode: true, sentinelTLS: secure }),
      });
    case 'cluster':
      return new Cluster(nodes, {
        redisOptions: options,
        lazyConnect,
        ...(retryStrategy && { clusterRetryStrategy: retryStrategy }),
      });
    default:
      return kind satisfies never;
  }
}

/** A primary that has become a replica says so on each write until the connection is made again; then the write is repeated. */
const reconnectOnError = (error: Error) => (error.message.startsWith('READONLY') ? 2 : false);

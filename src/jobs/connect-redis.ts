import { systemCode } from '../errors.js';
import type { Logger } from '../log.js';
import { createRedis, type RedisClient, type RedisWay } from './redis-connection.js';
import { redisUnreachable } from './redis-words.js';
import { seldom } from './seldom.js';

/**
 * Connects to a Redis and proves that it answers. What has never worked is given up at once; what has worked is waited for.
 * @throws RollcallError `queue_unreachable`
 */
export async function connectRedis(way: RedisWay, log: Logger): Promise<RedisClient> {
  let isOpen = false;
  let broke: unknown;
  const redis = createRedis(way, {
    // BullMQ's workers wait in blocking commands, which must never be given up: hence null.
    maxRetriesPerRequest: null,
    lazyConnect: true,
    retryStrategy: (times) => (isOpen ? Math.min(times * 50, 2000) : null),
  });
  const warn = seldom((fact) => log.warn(fact, 'the connection to Redis broke'));
  redis.on('error', (error: Error) => {
    broke = innermost(error);
    warn(systemCode(broke) ?? error.message);
  });
  try {
    await redis.connect();
    await redis.ping();
    isOpen = true;
    return redis;
  } catch (thrown) {
    // Of a connection that has ended already, `disconnect` waits two seconds for the end.
    if (redis.status !== 'end') redis.disconnect();
    // What `connect` throws says only that there is no connection.
    throw redisUnreachable(way.redisUrl, broke ?? innermost(thrown));
  }
}

/** A cluster tells of the last node that it asked in a member of its own. */
function innermost(error: unknown): unknown {
  return error instanceof Error && 'lastNodeError' in error && error.lastNodeError instanceof Error
    ? error.lastNodeError
    : error;
}

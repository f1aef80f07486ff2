import { createPostgresBackend, createRedisBackend, isPgPool, runMigrations } from 'bullmq';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { RollcallError, systemCode } from '../errors.js';
import type { Logger } from '../log.js';
import { createPool, withClient } from '../store/index.js';
import { createQueue } from './bullmq-queue.js';
import type { Queue } from './queue.js';

const SCHEMA = 'bullmq';
/** BullMQ names its tables and functions without a schema. */
const SEARCH_PATH = `${SCHEMA}, pg_catalog, pg_temp`;
const QUEUE_CONNECTIONS = 12;

export interface QueueOptions {
  readonly redisUrl: string | undefined;
  /** The database that holds the queue where there is no Redis. */
  readonly databaseUrl: string;
  /** Keeps the jobs of two databases apart that share a Redis. */
  readonly installationId: string;
  readonly log: Logger;
  /** PEM of authorities to trust beside those of Node. */
  readonly certificateAuthority?: string | undefined;
}

/**
 * Connects to the queue's store and proves that it answers.
 * @throws RollcallError `queue_unreachable`
 */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  const { redisUrl, databaseUrl, installationId, log, certificateAuthority } = options;
  if (redisUrl === undefined) {
    // Queue and worker share a pool of ours: BullMQ's own would pass `options` at the start, which poolers refuse.
    const pool: unknown = createPool({
      url: databaseUrl,
      log,
      maxConnections: QUEUE_CONNECTIONS,
      name: 'rollcall queue',
      certificateAuthority,
      searchPath: SEARCH_PATH,
    });
    if (!isPgPool(pool)) throw new Error('BullMQ takes the pools of pg');
    return createQueue(createPostgresBackend, { connection: pool }, log, () => pool.end());
  }
  const redis = await connectRedis(redisUrl, log);
  return createQueue(createRedisBackend, { connection: redis, prefix: `rollcall:${installationId}` }, log, () =>
    redis.disconnect(),
  );
}

/** Brings BullMQ's own tables up to its version; only where the queue lives in Postgres. */
export async function migrateQueue(pool: Pool): Promise<void> {
  await withClient(pool, (client) => runMigrations(client, SCHEMA));
}

/** @throws RollcallError `queue_unreachable` */
export async function connectRedis(url: string, log: Logger): Promise<Redis> {
  let isOpen = false;
  let broke: unknown;
  const redis = new Redis(url, {
    // BullMQ's workers wait in blocking commands, which must never be given up: hence null.
    maxRetriesPerRequest: null,
    lazyConnect: true,
    // What has never worked is given up at once; what has worked is waited for.
    retryStrategy: (times) => (isOpen ? Math.min(times * 50, 2000) : null),
  });
  redis.on('error', (error) => {
    broke = error;
    log.warn({ code: systemCode(error) ?? error.message }, 'the connection to Redis broke');
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
    const cause = broke ?? thrown;
    throw new RollcallError(
      'queue_unreachable',
      `No Redis at ${new URL(url).host}: ${systemCode(cause) ?? (cause instanceof Error ? cause.message : 'no answer')}`,
      'Check REDIS_URL and that Redis is running, or unset REDIS_URL to keep the queue in Postgres.',
      { cause },
    );
  }
}

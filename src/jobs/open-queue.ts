import { createPostgresBackend, createRedisBackend, isPgPool, runMigrations } from 'bullmq';
import type { Pool } from 'pg';
import type { Logger } from '../log.js';
import { createPool, withClient } from '../store/index.js';
import { createQueue } from './bullmq-queue.js';
import { connectRedis } from './connect-redis.js';
import { requireQueueable } from './examine-redis.js';
import type { Queue } from './queue.js';

const SCHEMA = 'bullmq';
/** BullMQ names its tables and functions without a schema. */
const SEARCH_PATH = `${SCHEMA}, pg_catalog, pg_temp`;
const QUEUE_CONNECTIONS = 12;
/** The policy of a Redis that keeps what it was given. */
const SAFE = 'noeviction';

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
  const redis = await connectRedis({ redisUrl, certificateAuthority }, log);
  try {
    const { evictionPolicy = SAFE } = await requireQueueable(redis, redisUrl);
    if (evictionPolicy !== SAFE) log.warn({ evictionPolicy }, 'this Redis throws jobs away when its memory is full');
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  // In a cluster the keys of a script have to lie in one slot, which the braces see to.
  const prefix = redis.isCluster ? `{rollcall:${installationId}}` : `rollcall:${installationId}`;
  return createQueue(createRedisBackend, { connection: redis, prefix }, log, () => redis.disconnect());
}

/** Brings BullMQ's own tables up to its version; only where the queue lives in Postgres. */
export async function migrateQueue(pool: Pool): Promise<void> {
  await withClient(pool, (client) => runMigrations(client, SCHEMA));
}

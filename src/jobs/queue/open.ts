import { createRedisBackend } from 'bullmq';
import type { Logger } from '../../log.js';
import { createQueue } from './bullmq.js';
import { connectRedis, requireQueueable } from './redis.js';
import { openPostgresQueue } from './postgres.js';
import type { Queue } from './queue.js';

export { migrateQueue, requireQueueTables } from './postgres.js';

/** The eviction policy of a Redis that never drops a key. */
const SAFE = 'noeviction';

export interface QueueOptions {
  readonly redisUrl: string | undefined;
  /** Holds the queue if there is no Redis. */
  readonly databaseUrl: string;
  /** Separates the jobs of two databases that share a Redis. */
  readonly installationId: string;
  readonly log: Logger;
  /** PEM of authorities to trust besides those of Node. */
  readonly certificateAuthority?: string | undefined;
}

/**
 * Connects to the queue's store and proves that it answers.
 * @throws RollcallError `queue_unreachable`
 */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  const { redisUrl, databaseUrl, installationId, log, certificateAuthority } = options;
  if (redisUrl === undefined) return openPostgresQueue({ databaseUrl, log, certificateAuthority });
  const redis = await connectRedis({ redisUrl, certificateAuthority }, log);
  try {
    const { evictionPolicy = SAFE } = await requireQueueable(redis, redisUrl);
    if (evictionPolicy !== SAFE) log.warn({ evictionPolicy }, 'this Redis drops jobs when its memory is full');
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  // The braces put all keys into one slot of a cluster, as its scripts require.
  const prefix = redis.isCluster ? `{rollcall:${installationId}}` : `rollcall:${installationId}`;
  return createQueue(createRedisBackend, { connection: redis, prefix }, log, () => redis.disconnect());
}

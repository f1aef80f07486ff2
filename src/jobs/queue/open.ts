import { createRedisBackend } from 'bullmq';
import type { Logger } from '../../log.js';
import { createQueue } from './bullmq.js';
import { connectRedis, requireQueueable } from './redis.js';
import { openPostgresQueue } from './postgres.js';
import type { Queue } from './queue.js';

export { migrateQueue, requireQueueTables } from './postgres.js';

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
  if (redisUrl === undefined) return openPostgresQueue({ databaseUrl, log, certificateAuthority });
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

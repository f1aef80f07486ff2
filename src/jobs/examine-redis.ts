import { connectRedis } from './open-queue.js';
import type { Logger } from '../log.js';

/** What a Redis says of itself. */
export interface RedisFacts {
  readonly version: string;
  /** Such as `noeviction`; undefined where it does not say. */
  readonly evictionPolicy: string | undefined;
  /** Whether every write is on disk soon (the append-only file). */
  readonly keepsLog: boolean;
}

/** @throws RollcallError `queue_unreachable` */
export async function examineRedis(url: string, log: Logger): Promise<RedisFacts> {
  const redis = await connectRedis(url, log);
  try {
    const info = new Map(
      // Not CONFIG GET: hosted ones forbid it.
      (await redis.info()).split(/\r?\n/).map((line) => {
        const [name = '', ...value] = line.split(':');
        return [name, value.join(':')] as const;
      }),
    );
    return {
      version: info.get('redis_version') ?? 'of an unknown version',
      evictionPolicy: info.get('maxmemory_policy'),
      keepsLog: info.get('aof_enabled') === '1',
    };
  } finally {
    redis.disconnect();
  }
}

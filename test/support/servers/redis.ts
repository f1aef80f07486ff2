import { Redis } from 'ioredis';
import { refuseSecrets } from '../secrets.js';

/** The Redis that the global set-up found or started; undefined where there is none, which it has said loudly. */
export const testRedisUrl = process.env['ROLLCALL_TEST_REDIS'] || undefined;

/** Removes what the queue of an installation keeps: the Redis may be somebody's, who did not ask for our keys. */
export async function clearQueue(installationId: string): Promise<void> {
  if (testRedisUrl === undefined) return;
  const redis = new Redis(testRedisUrl);
  try {
    let jobs = '';
    for await (const keys of redis.scanStream({ match: `rollcall:${installationId}:*`, count: 1000 })) {
      if (!Array.isArray(keys) || keys.length === 0) continue;
      for (const key of keys.map(String))
        if ((await redis.type(key)) === 'hash') jobs += JSON.stringify(await redis.hgetall(key));
      await redis.del(...keys.map(String));
    }
    refuseSecrets(jobs, 'a job');
  } finally {
    redis.disconnect();
  }
}

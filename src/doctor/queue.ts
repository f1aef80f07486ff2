import type { Config } from '../settings/config.js';
import { requireQueueTables } from '../jobs/queue/open.js';
import { examineRedis } from '../jobs/queue/redis.js';
import type { Logger } from '../log.js';
import { redisPlace } from '../settings/connections/redis-url.js';
import type { Database } from '../store/index.js';
import { toFinding, ok, problem, warning, type Finding } from './finding.js';

const CHECK = 'queue';

/**
 * Checks the store of the queue.
 * @param database the store if there is no Redis; undefined if it cannot be used, which is a finding of its own
 */
export async function checkQueue(
  { redisUrl, certificateAuthority }: Config,
  database: Database | undefined,
  log: Logger,
): Promise<Finding> {
  try {
    if (redisUrl === undefined) {
      if (database !== undefined) await requireQueueTables(database.pool);
      return ok(CHECK, 'it is in the same Postgres');
    }
    const { version, evictionPolicy, keepsLog } = await examineRedis({ redisUrl, certificateAuthority }, log);
    const name = `Redis ${version} at ${redisPlace(redisUrl)}`;
    if (isOlder(version, 5, 0)) return problem(CHECK, name, 'Use Redis 6.2 or newer.');
    if (evictionPolicy !== undefined && evictionPolicy !== 'noeviction') {
      return problem(
        CHECK,
        `${name}: its maxmemory-policy is ${evictionPolicy}, so it throws jobs away when its memory is full`,
        'Set maxmemory-policy to noeviction (redis.conf, or the settings of the hosted service), or use a Redis of its own for Rollcall.',
      );
    }
    if (isOlder(version, 6, 2))
      return warning(CHECK, name, 'Use Redis 6.2 or newer: older ones are slower with queues.');
    return ok(CHECK, `${name}, ${evictionPolicy ?? 'its maxmemory-policy cannot be read'}${keepsLog ? '' : PLAIN}`);
  } catch (error) {
    return toFinding(CHECK, error);
  }
}

// No warning: `sync` and `worker` restore what Redis loses.
const PLAIN = '; no append-only file: if it crashes, the next worker puts the open runs back';

function isOlder(version: string, major: number, minor: number): boolean {
  const [ours = Number.NaN, ours2 = 0] = version.split('.').map(Number);
  return ours < major || (ours === major && ours2 < minor);
}

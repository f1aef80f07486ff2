import { createHash } from 'node:crypto';
import { parseRedisUrl } from '../../settings/connections/redis-url.js';
import { systemCode, RollcallError } from '../../errors.js';
import { seldom, type Logger } from '../../log.js';
import { createRedis, type RedisClient, type RedisWay } from '../../store/index.js';
import { redisUnreachable, redisUnfit, wordsOf } from './redis-words.js';

/**
 * Connects to a Redis and proves that it answers. Fails at once if it does not; later it reconnects for as long as it takes.
 * @throws RollcallError `queue_unreachable`
 */
export async function connectRedis(way: RedisWay, log: Logger): Promise<RedisClient> {
  let isOpen = false;
  let broke: unknown;
  const redis = createRedis(way, {
    // BullMQ's workers wait in blocking commands, which must never time out.
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
    // `disconnect` waits two seconds if the connection has ended already.
    if (redis.status !== 'end') redis.disconnect();
    // The error of `connect` says only that there is no connection.
    throw redisUnreachable(way.redisUrl, broke ?? innermost(thrown));
  }
}

/** The error of a cluster holds that of the last node it asked. */
function innermost(error: unknown): unknown {
  return error instanceof Error && 'lastNodeError' in error && error.lastNodeError instanceof Error
    ? error.lastNodeError
    : error;
}

/** What a Redis says about itself. */
export interface RedisFacts {
  readonly version: string;
  /** Such as `noeviction`; undefined if it does not say. */
  readonly evictionPolicy: string | undefined;
  /** Whether every write is on disk soon (the append-only file). */
  readonly keepsLog: boolean;
}

/**
 * Connects to a Redis and checks that it can hold a queue. Leaves nothing behind.
 * @throws RollcallError `queue_unreachable`
 */
export async function examineRedis(way: RedisWay, log: Logger): Promise<RedisFacts> {
  const redis = await connectRedis(way, log);
  try {
    return await requireQueueable(redis, way.redisUrl);
  } finally {
    redis.disconnect();
  }
}

// Like the queue's own commands: a script that writes.
// A user may have the right to some commands only, and a hosted Redis may lack some: one of each kind that BullMQ's scripts use.
const TRY = [
  ['SET', '1', 'PX', '1000'],
  ['INCR'],
  ['DEL'],
  ['HSET', 'a', '1'],
  ['HINCRBY', 'a', '1'],
  ['HGETALL'],
  ['UNLINK'],
  ['ZADD', '1', 'a'],
  ['ZRANGE', '0', '-1'],
  ['ZPOPMIN'],
  ['LPUSH', 'a'],
  ['LREM', '1', 'a'],
  ['SADD', 'a'],
  ['SREM', 'a'],
  ['XADD', '*', 'a', '1'],
  ['XTRIM', 'MAXLEN', '0'],
  ['PEXPIRE', '1000'],
  ['DEL'],
]
  .map(([command = '', ...rest]) => `redis.call('${command}', KEYS[1]${rest.map((each) => `, '${each}'`).join('')})`)
  .concat('return 1')
  .join('\n');
/** How long a worker waits for a job; here, for none. In seconds. */
const INSTANT = 0.001;
// In the keyspace of queues: the user may have no right to other keys.
const KEYS = { single: 'rollcall:try', sentinel: 'rollcall:try', cluster: '{rollcall:try}' } as const;

/**
 * Refuses a Redis that cannot hold a queue: a node of a cluster, a Sentinel, a replica, one that is full, one whose user lacks
 * rights, one without the database that was named.
 * @throws RollcallError `queue_unreachable`
 */
export async function requireQueueable(redis: RedisClient, redisUrl: string): Promise<RedisFacts> {
  const { kind, database } = parseRedisUrl(redisUrl);
  const refuse = (reason: string, advice: string) => redisUnfit(redisUrl, [reason, advice]);
  try {
    // Not CONFIG GET: hosted ones forbid it.
    const info = factsIn(await redis.info());
    const mode = info.get('redis_mode');
    if (mode === 'sentinel') throw refuse('it is a Sentinel, which holds no data', sentinelAdvice(info));
    if (mode === 'cluster' && kind !== 'cluster')
      throw refuse('it is a node of a cluster', 'Use redis+cluster://host:port,host:port in REDIS_URL.');
    if (info.get('role') === 'slave' && kind === 'single')
      throw refuse(
        'it is a replica, which takes no writes',
        `Name the primary in REDIS_URL (it follows ${info.get('master_host')}:${info.get('master_port')}), or the Sentinels: redis+sentinel://….`,
      );
    // The client itself falls back to database 0 if there is no such database.
    if (database !== 0) await redis.select(database);
    await redis.eval(TRY, 1, KEYS[kind]);
    // As BullMQ calls its scripts: by the hash of one that was sent before; and as its workers wait for jobs.
    await redis.evalsha(createHash('sha1').update(TRY).digest('hex'), 1, KEYS[kind]);
    await redis.bzpopmin(KEYS[kind], INSTANT);
    return {
      version: info.get('redis_version') ?? 'of an unknown version',
      evictionPolicy: info.get('maxmemory_policy'),
      keepsLog: info.get('aof_enabled') === '1',
    };
  } catch (error) {
    throw error instanceof RollcallError ? error : redisUnfit(redisUrl, wordsOf(redisUrl, error), error);
  }
}

function factsIn(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split(/\r?\n/).map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name, value.join(':')] as const;
    }),
  );
}

function sentinelAdvice(info: ReadonlyMap<string, string>): string {
  const group = /^name=([^,]+)/.exec(info.get('master0') ?? '')?.[1] ?? '<group>';
  return `Use it as one: redis+sentinel://host:26379,host:26379/${group} in REDIS_URL.`;
}

import { Cluster } from 'ioredis';
import { boundedPause, LONGEST_PAUSE_MS, type Ask, type Budgets, type Lease } from '../../budget-store.js';
import type { Logger } from '../../log.js';
import { systemCode } from '../../errors.js';
import { createRedis, type RedisClient, type RedisWay } from '../redis-client.js';
import { createHints } from './hints.js';

export interface RedisBudgetsOptions extends RedisWay {
  /** Keeps the books of two databases apart that share a Redis. */
  readonly installationId: string;
  readonly log: Logger;
}

/** Books that nobody has looked at for so long are empty. */
const KEEP_MS = 24 * 60 * 60_000;

/** A bucket holds no more than this many times its limit, whatever stands in Redis. */
const MOST_FULL = 2;
const CLOCK = `local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local key, bucket = KEYS[1], ARGV[1]
local function number(field, otherwise) return tonumber(redis.call('HGET', key, field) or otherwise) end
local function pauseLeft()
  local left = math.max(0, number('paused', 0) - now)
  -- A longer one was not written by us.
  return left <= ${LONGEST_PAUSE_MS} and left or 0
end
`;

// Numbers leave Lua as text: Redis would cut them at the point.
const LEASE = `${CLOCK}
local take, units, window, burst, used = unpack(ARGV, 2)
take, units, window, burst, used = tonumber(take), tonumber(units), tonumber(window), tonumber(burst), tonumber(used)
local elapsed = math.max(0, now - number(bucket .. ':at', now))
local share = math.min(1, math.max(0.0625, number(bucket .. ':share', 1)) + elapsed / (window * 10))
local perMs = units * share / window
local level = math.min(number(bucket .. ':level', 0), units * ${MOST_FULL})
level = math.max(0, level - elapsed * perMs, used * units * share)
local pause = pauseLeft()
local over = level + take - math.max(units * share * burst, take)
local wait = math.max(pause, over / perMs)
if pause == 0 and over <= 0 then
  level = level + take
  wait = 0
end
local function text(value) return string.format('%.17g', value) end
redis.call('HSET', key, bucket .. ':level', text(level), bucket .. ':share', text(share), bucket .. ':at', text(now))
redis.call('PEXPIRE', key, ${KEEP_MS})
return { text(wait), text(pause), text(level / (units * share)) }`;

const PAUSE = `${CLOCK}
if pauseLeft() == 0 then
  redis.call('HSET', key, bucket .. ':share', tostring(math.max(0.0625, number(bucket .. ':share', 1) * 0.8)))
end
redis.call('HSET', key, 'paused', string.format('%.17g', now + math.max(pauseLeft(), tonumber(ARGV[2]))))
redis.call('PEXPIRE', key, ${KEEP_MS})
redis.call('PUBLISH', key, '')`;

const PAUSE_LEFT = `${CLOCK}
return string.format('%.17g', pauseLeft())`;

/**
 * The books in a hash of Redis, each lease one script. A pause is published to all who listen.
 * Connects in the background; while there is no connection every question is refused at once.
 */
export function createRedisBudgets({ installationId, log, ...way }: RedisBudgetsOptions): Budgets {
  const keyOf = (application: string) => `rollcall:${installationId}:budget:${application}`;
  const listeners = new Map<string, ((pauseMs: number) => void)[]>();
  // The queue's connection waits for ever for a Redis that is away. The budget must not.
  const redis = createRedis(way, { maxRetriesPerRequest: 0 });
  const ear = createRedis(way, { maxRetriesPerRequest: null });
  for (const connection of [redis, ear])
    connection.on('error', (error) => log.debug({ code: systemCode(error) }, 'a connection of the budget broke'));
  // Whoever may publish in this Redis may say anything: only the books say how long a pause is.
  const hint = createHints({
    knows: (key) => listeners.has(key),
    async look(key) {
      const pauseMs = boundedPause(Number(await redis.eval(PAUSE_LEFT, 1, key)));
      for (const listener of listeners.get(key) ?? []) listener(pauseMs);
    },
    onFlood(silenceMs) {
      ear.unsubscribe().catch(() => {});
      setTimeout(() => void listenTo([...listeners.keys()]), silenceMs).unref();
    },
  });
  const listenTo = async (keys: readonly string[]) => {
    if (keys.length > 0) await ear.subscribe(...keys).catch(() => {});
  };
  ear.on('message', hint);

  return {
    of(application) {
      const key = keyOf(application);
      return {
        async lease(bucket, ask) {
          return toLease(await redis.eval(LEASE, 1, key, bucket, ...numbersOf(ask)));
        },
        async pause(bucket, pauseMs) {
          await redis.eval(PAUSE, 1, key, bucket, String(Math.round(boundedPause(pauseMs))));
        },
        onPause(listener) {
          listeners.set(key, [...(listeners.get(key) ?? []), listener]);
          void listenTo([key]);
        },
        close() {
          listeners.delete(key);
          ear.unsubscribe(key).catch(() => {});
          return Promise.resolve();
        },
      };
    },
    async forget(tenantId) {
      for (const node of nodesOf(redis)) {
        for await (const keys of node.scanStream({ match: keyOf(`${tenantId}/*`), count: 1000 })) {
          // One by one: in a cluster they lie in several slots.
          for (const key of Array.isArray(keys) ? keys : []) await redis.unlink(String(key));
        }
      }
    },
    close() {
      redis.disconnect();
      ear.disconnect();
      return Promise.resolve();
    },
  };
}

/** Those that hold keys. */
const nodesOf = (redis: RedisClient) => (redis instanceof Cluster ? redis.nodes('master') : [redis]);

const numbersOf = ({ take, units, windowMs, burst, used = 0 }: Ask) => [take, units, windowMs, burst, used].map(String);

function toLease(answer: unknown): Lease {
  const [waitMs, pauseMs, full] = Array.isArray(answer) ? answer.map(Number) : [];
  if (waitMs === undefined || pauseMs === undefined || full === undefined) throw new Error('expected three numbers');
  return { waitMs, pauseMs, full };
}

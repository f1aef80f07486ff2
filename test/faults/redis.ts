import { setTimeout as sleep } from 'node:timers/promises';
import { installationId } from '../../src/store/index.js';
import { clearQueue, testRedisUrl } from '../support/servers/redis.js';
import { createTcpProxy, through } from '../support/servers/tcp-proxy.js';
import type { FaultCase, Scene } from './fault-case.js';
import { strike } from './lists.js';
import { givenBack } from './long-waits.js';
import { untilStruck } from './postgres.js';

const HELD = { kind: 'delay', ms: 2000 } as const;
const strikes = () => [strike('users', 'middle', HELD)];
const ON_REDIS = { REDIS_URL: testRedisUrl ?? '' };

/** Removes what this installation keeps there, and nothing of others. */
const flush = async ({ database }: Scene) => clearQueue(await installationId(database));

const withRedis: readonly FaultCase[] = [
  {
    fault: 'Redis gone for 5 s',
    where: 'in mid-run',
    settings: ON_REDIS,
    strikes,
    async story(scene) {
      const { hostname, port } = new URL(ON_REDIS.REDIS_URL);
      const proxy = await createTcpProxy({ host: hostname, port: Number(port || 6379) });
      scene.onEnd(() => proxy.close());
      const program = scene.start(['sync'], { REDIS_URL: through(ON_REDIS.REDIS_URL, proxy) });
      await untilStruck(scene);
      await proxy.cut();
      await sleep(5000);
      await proxy.restore();
      return program.ended;
    },
  },
  {
    fault: 'Redis flushed',
    where: 'in mid-run, with jobs that wait for others',
    settings: ON_REDIS,
    strikes,
    async story(scene) {
      const program = scene.start(['sync']);
      await untilStruck(scene);
      await flush(scene);
      return program.ended;
    },
  },
  {
    fault: 'Redis flushed',
    where: 'while a job waits for an hour; a worker finds its run',
    tasks: ['hr-roster'],
    settings: ON_REDIS,
    strikes: () => [strike('users', 'middle', { kind: 'throttle', retryAfter: '3600' })],
    story: (scene) => givenBack(scene, () => flush(scene)),
  },
];

/** Nothing where there is no Redis, which the set-up has said loudly. */
export const redis: readonly FaultCase[] = testRedisUrl === undefined ? [] : withRedis;

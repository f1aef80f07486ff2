import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { hasPart } from '../part.js';

/** Whether this machine can start a Redis of a test's own. */
export const hasRedisServer = hasPart({
  isThere: spawnSync('redis-server', ['--version']).status === 0,
  what: 'REDIS SERVER',
  requiredBy: 'REQUIRE_REDIS',
  howToGetIt: 'Install redis-server.',
});

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly redis: Redis;
  set(name: string, value: string): Promise<unknown>;
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Settings of redis.conf, as arguments. */
  readonly args?: readonly string[];
  /** Lines of a configuration file, which a Sentinel has to have. */
  readonly file?: string;
  readonly sentinel?: boolean;
  /** For the test's own connection. */
  readonly client?: { readonly password?: string };
  readonly port?: number;
}

/** A Redis whose settings a test may change: the one of the suite is shared, and may be somebody's. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { args = [], file, sentinel = false, client = {}, port = await freePort() } = options;
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-redis-'));
  const path = join(folder, 'redis.conf');
  await writeFile(path, `port ${port}\nbind 127.0.0.1\ndir ${folder}\n${file ?? ''}\n`);
  const own = sentinel ? ['--sentinel'] : ['--save', '', '--appendonly', 'no', ...args];
  const server = spawn('redis-server', [path, ...own], { stdio: 'ignore' });
  const ended = new Promise((resolve) => server.on('exit', resolve));
  const redis = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50, maxRetriesPerRequest: null, ...client });
  redis.on('error', () => {});
  await answering(redis, server);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    redis,
    set: (name, value) => redis.config('SET', name, value),
    async stop() {
      redis.disconnect();
      server.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answering(redis: Redis, server: ChildProcess): Promise<void> {
  const dead = new Promise<never>((_, reject) =>
    server.on('exit', (code) => reject(new Error(`redis-server ended with ${code}`))),
  );
  dead.catch(() => {});
  await Promise.race([redis.ping(), dead]);
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

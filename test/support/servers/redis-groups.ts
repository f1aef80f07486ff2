import { spawnSync } from 'node:child_process';
import { until } from '../until.js';
import { freePort, startRedis, type RedisServer } from './redis-server.js';

export interface RedisGroup {
  readonly url: string;
  readonly servers: readonly RedisServer[];
  stop(): Promise<void>;
}

const stopAll = (servers: readonly RedisServer[]) => async () => {
  await Promise.all(servers.map((server) => server.stop()));
};

/** A primary, its replica and three Sentinels, which take five seconds to put the replica in place of a primary that is gone. */
export async function startSentinels(): Promise<RedisGroup> {
  const primary = await startRedis();
  const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(primary.port)] });
  const file = [
    `sentinel monitor main 127.0.0.1 ${primary.port} 2`,
    'sentinel down-after-milliseconds main 1000',
    'sentinel failover-timeout main 3000',
  ].join('\n');
  const sentinels = await Promise.all([0, 1, 2].map(() => startRedis({ file, sentinel: true })));
  const servers = [primary, replica, ...sentinels];
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`);
  // They find each other and the replica by themselves.
  await until(async () => {
    const info = await sentinels[0]!.redis.info('sentinel');
    return /slaves=1,sentinels=3/.test(info);
  });
  return { url: `redis+sentinel://${hosts.join(',')}/main`, servers, stop: stopAll(servers) };
}

/** Three nodes without replicas. */
export async function startCluster(): Promise<RedisGroup> {
  // The port of the bus is that of the node and 10000.
  const ports = await Promise.all([0, 1, 2].map(async () => 20_000 + ((await freePort()) % 30_000)));
  const args = ['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'];
  const servers = await Promise.all(ports.map((port) => startRedis({ args, port })));
  const places = ports.map((port) => `127.0.0.1:${port}`);
  const { status, stdout } = spawnSync('redis-cli', ['--cluster', 'create', ...places, '--cluster-yes']);
  if (status !== 0) throw new Error(String(stdout));
  for (const { redis } of servers) await until(async () => (await redis.cluster('INFO')).includes('cluster_state:ok'));
  return { url: `redis+cluster://${places.join(',')}`, servers, stop: stopAll(servers) };
}

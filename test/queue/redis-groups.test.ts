import { sampleTenant } from '../../src/emulator/index.js';
import { createProcessWorld, type ProcessWorld } from '../support/setup/process-world.js';
import { startCluster, startSentinels } from '../support/servers/redis-groups.js';
import { hasRedisServer, startRedis } from '../support/servers/redis-server.js';
import { run, start } from '../support/rollcall.js';
import { until } from '../support/until.js';

const suite = hasRedisServer ? describe : describe.skip;
const EVERY_SECOND = { SCHEDULE_NIGHTLY: '* * * * * *', SCHEDULE_SSO_ACCESS: 'off' };

suite('The queue lives', () => {
  let world: ProcessWorld;
  beforeEach(async () => {
    world = await createProcessWorld(sampleTenant());
  });
  afterEach(() => world.close());

  const complete = async () =>
    (await world.database.rows("select from rollcall.runs where outcome = 'complete'")).length;

  test('in a cluster: sync, doctor, jobs, and a worker with its schedule', async () => {
    const group = await startCluster();
    const environment = { ...world.environment, ...EVERY_SECOND, REDIS_URL: group.url };
    try {
      expect(await run(['sync'], environment)).toMatchObject({ code: 0, err: '' });
      expect(await run(['doctor'], environment)).toMatchObject({
        code: 0,
        out: expect.stringContaining('at the cluster 127.0.0.1:'),
      });
      expect(await run(['jobs'], environment)).toMatchObject({ code: 0 });
      const worker = start(['worker'], environment);
      const before = await complete();
      await until(async () => (await complete()) >= before + 6);
      worker.child.kill('SIGTERM');
      expect(await worker.ended).toMatchObject({ code: 0 });
      const sizes = await Promise.all(group.servers.map(({ redis }) => redis.dbsize()));
      expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(2);
    } finally {
      await group.stop();
    }
  });

  test('behind Sentinels: a worker goes on when the replica takes the place of the primary', async () => {
    const group = await startSentinels();
    const environment = { ...world.environment, ...EVERY_SECOND, REDIS_URL: group.url };
    try {
      expect(await run(['sync'], environment)).toMatchObject({ code: 0, err: '' });
      expect(await run(['doctor'], environment)).toMatchObject({
        code: 0,
        out: expect.stringContaining('at main of the Sentinels 127.0.0.1:'),
      });
      const worker = start(['worker'], environment);
      await until(async () => (await complete()) >= 8);
      await group.servers[0]!.stop();
      await until(async () => /role:master/.test(await group.servers[1]!.redis.info('replication')));
      const before = await complete();
      await until(async () => (await complete()) >= before + 6);
      worker.child.kill('SIGTERM');
      expect(await worker.ended).toMatchObject({ code: 0 });
    } finally {
      await group.stop();
    }
  });

  test('in a Redis that is full for a while: the worker says so once, and goes on when there is room', async () => {
    const redis = await startRedis();
    const environment = { ...world.environment, ...EVERY_SECOND, REDIS_URL: redis.url, LOG_LEVEL: 'warn' };
    const worker = start(['worker'], environment);
    await until(async () => (await complete()) >= 4);
    await redis.set('maxmemory', '1');
    await worker.saysOnErr('the worker lost its queue');
    await new Promise((resolve) => setTimeout(resolve, 8000));
    await redis.set('maxmemory', '0');
    const before = await complete();
    await until(async () => (await complete()) >= before + 6);
    worker.child.kill('SIGTERM');
    const { code, err } = await worker.ended;
    expect(code).toBe(0);
    expect(err.trim().split('\n').length).toBeLessThan(25);
    await redis.stop();
  });

  test('in a Redis into which others put jobs: they are shown as unknown, and disturb nothing', async () => {
    const redis = await startRedis();
    const environment = { ...world.environment, REDIS_URL: redis.url };
    try {
      await run(['sync', 'hr-roster'], environment);
      const { Queue } = await import('bullmq');
      const [installation] = await world.database.rows<{ id: string }>('select id from rollcall_data.installation');
      const queue = new Queue('rollcall', {
        connection: { host: '127.0.0.1', port: redis.port },
        prefix: `rollcall:${installation!.id}`,
      });
      const odd = [
        null,
        'text',
        7,
        [],
        {},
        { tenantId: 'x' },
        { tenantId: crypto.randomUUID(), schedule: 'weekly' },
        { tenantId: 'a', task: 'hr-roster', runId: 'b' },
        { runId: null, tenantId: null },
      ];
      for (const data of odd) await queue.add('\u009B2J', data);
      const { code, out } = await run(['jobs'], environment);
      expect(code).toBe(0);
      expect(out.match(/^waiting +unknown/gm)).toHaveLength(odd.length);
      const json = await run(['jobs', '--json'], environment);
      expect(
        json.out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toEqual(
        odd.map(() => expect.objectContaining({ state: 'waiting', task: 'unknown', tenant_id: null, run_id: null })),
      );
      expect(await run(['sync', 'hr-roster'], environment)).toMatchObject({ code: 0, err: '' });
      const failed = await run(['jobs', '--state', 'failed'], environment);
      expect(failed.out).toContain('it is not a job of Rollcall');
      const retried = await run(['jobs', '--retry-failed'], environment);
      expect(retried.err).toContain('unknown: removed: it is not a job of Rollcall');
      await queue.close();
    } finally {
      await redis.stop();
    }
  });
});

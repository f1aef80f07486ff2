import { bad, createDoctorStage, type DoctorStage } from '../support/setup/doctor-stage.js';
import { startCluster, startSentinels } from '../support/servers/redis-groups.js';
import { hasRedisServer, startRedis, type RedisServer } from '../support/servers/redis-server.js';
import { run } from '../support/rollcall.js';

let stage: DoctorStage;
beforeAll(async () => {
  stage = await createDoctorStage();
});
afterAll(() => stage.close());

const suite = hasRedisServer ? describe : describe.skip;

/** What doctor, sync and worker say of a Redis: all the same, in words, before anything starts. */
async function expectRefused(redisUrl: string, reason: string, advice: string) {
  const findings = await stage.findings({ REDIS_URL: redisUrl });
  expect(bad(findings)).toEqual([expect.stringContaining('problem queue: ')]);
  const { found, advice: toDo } = findings.find(({ check }) => check === 'queue')!;
  expect(found).toContain(reason);
  expect(toDo).toContain(advice);
  for (const command of [['sync', 'hr-roster'], ['worker']]) {
    const { code, out, err } = await run(command, { ...stage.environment, REDIS_URL: redisUrl, LOG_LEVEL: 'error' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(`rollcall: ${found}\n  What to do: ${toDo}\n`);
  }
  expect(await stage.database.rows('select from rollcall_data.runs')).toEqual([]);
}

suite('A Redis that cannot hold a queue is refused in words', () => {
  const started: { stop(): Promise<void> }[] = [];
  const keep = <T extends { stop(): Promise<void> }>(each: T): T => {
    started.push(each);
    return each;
  };
  afterEach(async () => {
    for (const each of started.splice(0).reverse()) await each.stop();
  });

  test('a node of a cluster', async () => {
    const [node] = keep(await startCluster()).servers;
    await expectRefused(node!.url, 'it is a node of a cluster', 'redis+cluster://');
  });

  test("a Sentinel's port", async () => {
    const group = keep(await startSentinels());
    const sentinel = group.servers.at(-1)!;
    await expectRefused(sentinel.url, 'it is a Sentinel, which holds no data', '/main in REDIS_URL');
    await expectRefused(group.servers[1]!.url, 'it is a replica', `it follows 127.0.0.1:${group.servers[0]!.port}`);
    await expectRefused(group.url.replace('/main', '/other'), 'no Sentinel knows the group', 'redis+sentinel://');
  });

  test('Sentinels that ask for a password of their own', async () => {
    const { port } = keep(await startRedis());
    const file = `sentinel monitor main 127.0.0.1 ${port} 1\nrequirepass s+cret&`;
    const sentinel = keep(await startRedis({ file, sentinel: true, client: { password: 's+cret&' } }));
    const url = `redis+sentinel://127.0.0.1:${sentinel.port}/main`;
    await expectRefused(url, 'the Sentinels ask for a password', 'sentinelpassword=');
    await expectRefused(
      `${url}?sentinelpassword=wrong`,
      'the Sentinels refuse the user or the password',
      'sentineluser',
    );
    const right = await stage.findings({ REDIS_URL: `${url}?sentinelpassword=s+cret%26` });
    expect(bad(right)).toEqual([]);
  });

  test('one that is no cluster, named as one', async () => {
    const { port } = keep(await startRedis());
    await expectRefused(`redis+cluster://127.0.0.1:${port}`, 'no node of a cluster answers', 'redis:// or rediss://');
  });

  test('one that is full', async () => {
    const redis = keep(await startRedis());
    await redis.set('maxmemory', '1');
    await expectRefused(redis.url, 'its memory is full', 'maxmemory');
  });

  test('one that cannot save to its disk', async () => {
    const redis = keep(await startRedis());
    await redis.set('min-replicas-to-write', '1');
    await expectRefused(redis.url, 'too few replicas', 'min-replicas-to-write');
  });

  test('the number of a database that does not exist', async () => {
    const redis = keep(await startRedis());
    await expectRefused(`${redis.url}/99`, 'it has no database of this number', 'the number in REDIS_URL');
    expect(await redis.redis.dbsize()).toBe(0);
  });

  test.each([
    ['-info', 'its user may not ask INFO', '+info'],
    ['-evalsha', 'its user may not do what a queue needs', 'ACL SETUSER'],
    ['-bzpopmin', 'its user may not do what a queue needs', 'ACL SETUSER'],
    ['-xadd', 'its user may not do what a queue needs', 'ACL SETUSER'],
    ['-@scripting', 'its user may not do what a queue needs', 'ACL SETUSER'],
    ['resetkeys', 'its user may not do what a queue needs', '~rollcall:*'],
  ])('a user with the rule %s', async (rule, reason, advice) => {
    const redis = keep(await startRedis());
    await redis.redis.acl('SETUSER', 'app', 'on', '>hunter2', '~*', '&*', '+@all', rule);
    await expectRefused(redis.url.replace('//', '//app:hunter2@'), reason, advice);
  });

  test('a password that is missing or wrong', async () => {
    const redis = keep(await startRedis({ args: ['--requirepass', 'hunter2'], client: { password: 'hunter2' } }));
    await expectRefused(redis.url, 'it asks for a password, and REDIS_URL has none', 'redis://:password@host');
    await expectRefused(redis.url.replace('//', '//:wrong@'), 'the user or the password is wrong', 'REDIS_URL');
  });
});

suite('A Redis with the rights that the advice names', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
    const rights = ['~rollcall:*', '&*', '+@all', '-@dangerous', '+info', '+client', '+scan'];
    await redis.redis.acl('SETUSER', 'app', 'on', '>hunter2', ...rights);
  });
  afterAll(() => redis.stop());

  test('holds the queue and the budget, in the database that was named', async () => {
    const url = `${redis.url.replace('//', '//app:hunter2@')}/3`;
    expect(bad(await stage.findings({ REDIS_URL: url }))).toEqual([]);
    const { code, err } = await run(['sync', 'hr-roster'], { ...stage.environment, REDIS_URL: url });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(await redis.redis.dbsize()).toBe(0);
    await redis.redis.select(3);
    expect(await redis.redis.dbsize()).toBeGreaterThan(2);
  });

  test('lines of libraries do not reach standard error', async () => {
    await redis.set('maxmemory-policy', 'allkeys-lru');
    const { code, err } = await run(['sync', 'hr-roster'], { ...stage.environment, REDIS_URL: redis.url });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});

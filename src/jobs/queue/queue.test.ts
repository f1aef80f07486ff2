import { randomUUID } from 'node:crypto';
import { createTestDatabase, embedded, silent, type TestDatabase } from '../../../test/support/servers/database.js';
import { clearQueue, testRedisUrl } from '../../../test/support/servers/redis.js';
import { until } from '../../../test/support/until.js';
import { RetryLater, RollcallError } from '../../errors.js';
import type { ScheduleName } from '../../settings/schedules.js';
import { openQueue } from './open.js';
import type { JobData, Queue, Schedule } from './queue.js';

const backends = [
  { name: 'Postgres', redisUrl: undefined },
  ...(testRedisUrl ? [{ name: 'Redis', redisUrl: testRedisUrl }] : []),
];

describe.each(backends)('With the queue in $name', ({ redisUrl }) => {
  let database: TestDatabase;
  let queue: Queue;
  let installationId: string;
  const open = () => openQueue({ redisUrl, databaseUrl: database.url, installationId, log: silent });
  beforeAll(async () => {
    database = await createTestDatabase(embedded());
  });
  beforeEach(async () => {
    installationId = randomUUID();
    queue = await open();
  });
  /** The workers of a test, which end before the queue they work does. */
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await queue.close();
    await clearQueue(installationId);
    if (redisUrl === undefined) await database.pool.query('truncate bullmq.job cascade');
  });
  afterAll(() => database.drop());

  const job = (task = 'hr-roster'): JobData => ({ tenantId: randomUUID(), task, runId: randomUUID() });

  test('a job is worked with the data it was given', async () => {
    const data = job();
    await queue.add(data);
    const seen = await new Promise<JobData>((resolve) => {
      const worker = queue.work((each) => Promise.resolve(resolve(each)), { concurrency: 1 });
      closing.push(() => worker.close());
    });
    expect(seen).toEqual(data);
  });

  test('a worker that is closed while it starts leaves no connection open, which would keep its process alive', async () => {
    const closed = await open();
    await closed.work(() => Promise.resolve(), { concurrency: 1 }).close();
    // BullMQ gives a connection a name. Of a worker that has ended, one comes all the same.
    const named = () =>
      database.rows(
        `select from pg_stat_activity where datname = current_database() and query ~ '^SELECT set_config..application_name'`,
      );
    for (let looks = 0; looks < 50 && (await named()).length === 0; looks += 1) await closed.jobs(['waiting']);
    await closed.close();
    await until(async () => (await named()).length === 0);
  });

  test('jobs are listed with their state: what waits, what is due later, what failed and why', async () => {
    const [late, failing, waiting] = [job('late'), job('failing'), job('waiting')];
    await queue.add(late);
    await queue.add(failing);
    const worker = queue.work(
      (data) =>
        Promise.reject(
          'task' in data && data.task === 'late'
            ? new RetryLater(3_600_000, 'an hour')
            : new RollcallError('graph_forbidden', 'it lacks a permission', 'grant it'),
        ),
      { concurrency: 1 },
    );
    while ((await queue.jobs(['failed', 'delayed'])).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await worker.close();
    await queue.add(waiting);
    const listed = await queue.jobs(['waiting', 'delayed', 'failed']);
    const added = listed.map(({ addedAt }) => addedAt.getTime());
    expect(added).toEqual([...added].sort((a, b) => b - a));
    // Two of them may have been added in the same millisecond.
    expect(listed.sort((a, b) => a.state.localeCompare(b.state))).toMatchObject([
      { state: 'delayed', data: late, error: null },
      { state: 'failed', data: failing, error: 'graph_forbidden: it lacks a permission' },
      { state: 'waiting', data: waiting, error: null, dueAt: null },
    ]);
    const [delayed] = await queue.jobs(['delayed']);
    expect(delayed!.dueAt!.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    const [failed] = await queue.jobs(['failed']);
    await queue.remove(failed!.id);
    expect(await queue.jobs(['failed'])).toEqual([]);
  });

  test('of jobs with one name only the first is added', async () => {
    const [first, second, other] = [job(), job(), job()];
    await queue.add(first, { once: 'a name' });
    await queue.add(second, { once: 'a name' });
    await queue.add(other);
    const worked: JobData[] = [];
    await new Promise<void>((resolve) => {
      const worker = queue.work(
        (data) => {
          worked.push(data);
          return Promise.resolve(worked.length === 2 ? resolve() : undefined);
        },
        { concurrency: 1 },
      );
      closing.push(() => worker.close());
    });
    expect(worked).toEqual([first, other]);
  });

  test('a job that must wait comes back, and it costs no attempt', async () => {
    await queue.add(job());
    const attempts: boolean[] = [];
    await new Promise<void>((resolve) => {
      const worker = queue.work(
        (_, { lastAttempt }) => {
          attempts.push(lastAttempt);
          if (attempts.length <= 25) return Promise.reject(new RetryLater(0.5, 'not yet'));
          return Promise.resolve(resolve());
        },
        { concurrency: 1 },
      );
      closing.push(() => worker.close());
    });
    expect(attempts).toHaveLength(26);
    expect(new Set(attempts)).toEqual(new Set([false]));
  });

  test('a run that failed is not tried again; an infrastructure that failed is', async () => {
    await queue.add(job('fails'));
    await queue.add(job('falls over'));
    const worked: string[] = [];
    await new Promise<void>((resolve) => {
      const worker = queue.work(
        (data) => {
          const task = 'task' in data ? data.task : '';
          worked.push(task);
          if (worked.filter((each) => each === 'falls over').length === 2) resolve();
          const code = task === 'fails' ? 'graph_forbidden' : 'database_unreachable';
          return Promise.reject(new RollcallError(code, 'for a reason', 'do something'));
        },
        { concurrency: 1 },
      );
      closing.push(() => worker.close());
    });
    expect(worked.filter((task) => task === 'fails')).toHaveLength(1);
  });

  test('a worker that is closed gives its job back, and another gets it', async () => {
    const data = job();
    await queue.add(data);
    const first = await new Promise<{ close(): Promise<void> }>((resolve) => {
      const worker = queue.work(
        (_, { signal }) => {
          resolve({ close: () => worker.close() });
          return new Promise((__, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
        },
        { concurrency: 1 },
      );
    });
    await first.close();
    const given = await new Promise<{ data: JobData; lastAttempt: boolean }>((resolve) => {
      const worker = queue.work((back, { lastAttempt }) => Promise.resolve(resolve({ data: back, lastAttempt })), {
        concurrency: 1,
      });
      closing.push(() => worker.close());
    });
    expect(given).toEqual({ data, lastAttempt: false });
  });

  const schedule = (tenantId: string, name: ScheduleName, pattern = '0 2 * * *'): Schedule => ({
    id: `${tenantId} ${name}`,
    pattern,
    timeZone: 'Europe/Berlin',
    data: { tenantId, schedule: name },
  });

  test('schedules are set, replaced and removed, for one tenant and no other', async () => {
    const [ours, theirs] = [randomUUID(), randomUUID()];
    await queue.setSchedules(theirs, [schedule(theirs, 'nightly')]);
    await queue.setSchedules(ours, [schedule(ours, 'nightly'), schedule(ours, 'sign-ins')]);
    await queue.setSchedules(ours, [schedule(ours, 'sign-ins')]);
    const ids = await queue.schedules();
    expect(ids).toEqual(expect.arrayContaining([`${ours} sign-ins`, `${theirs} nightly`]));
    expect(ids).not.toContain(`${ours} nightly`);
    await queue.setSchedules(ours, []);
    expect((await queue.schedules()).filter((id) => id.startsWith(ours))).toEqual([]);
    expect(await queue.schedules()).toContain(`${theirs} nightly`);
  });

  test('several who set the same schedule at once are all content', async () => {
    const tenantId = randomUUID();
    const others = await Promise.all([open(), open(), open()]);
    const schedules = [schedule(tenantId, 'nightly')];
    await Promise.all([queue, ...others].map((each) => each.setSchedules(tenantId, schedules)));
    expect((await queue.schedules()).filter((id) => id.startsWith(tenantId))).toEqual([`${tenantId} nightly`]);
    for (const other of others) await other.close();
  });

  test('an occasion that came due while nobody worked is not lost by setting the schedule again', async () => {
    const tenantId = randomUUID();
    const everySecond = [schedule(tenantId, 'nightly', '* * * * * *')];
    await queue.setSchedules(tenantId, everySecond);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await queue.setSchedules(tenantId, everySecond);
    const seen = await new Promise<JobData>((resolve) => {
      const worker = queue.work((data) => Promise.resolve(resolve(data)), { concurrency: 1 });
      closing.push(() => worker.close());
    });
    expect(seen).toEqual({ tenantId, schedule: 'nightly' });
    await queue.setSchedules(tenantId, []);
  });
});

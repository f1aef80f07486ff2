import { openQueue } from '../../src/jobs/queue/open.js';
import { installationId } from '../../src/store/index.js';
import { createTestDatabase, embedded, silent, type TestDatabase } from '../support/servers/database.js';
import { testRedisUrl } from '../support/servers/redis.js';

let original: TestDatabase;
beforeEach(async () => {
  original = await createTestDatabase(embedded());
});
afterEach(() => original.drop());

/** Another database with the same rows, as `create database … template …` or a restore makes it. */
async function copyOf(database: TestDatabase): Promise<TestDatabase> {
  const [row] = await database.rows<{ id: string; place: string }>('select id, place from rollcall_data.installation');
  const copy = await createTestDatabase(embedded());
  await copy.pool.query('update rollcall_data.installation set id = $1, place = $2', [row!.id, row!.place]);
  return copy;
}

test('the id stays as long as the database stays where it is', async () => {
  const id = await installationId(original);
  await expect(installationId(original)).resolves.toBe(id);
  await expect(Promise.all([1, 2, 3].map(() => installationId(original)))).resolves.toEqual([id, id, id]);
});

test('a database of an earlier version keeps its id', async () => {
  const [before] = await original.rows<{ id: string }>(
    'update rollcall_data.installation set place = null returning id',
  );
  await expect(installationId(original)).resolves.toBe(before!.id);
});

test('a copy has an id of its own, the same for all who open it at once, and the log says so', async () => {
  const id = await installationId(original);
  await original.pool.query("update rollcall_data.installation set place = 'another server/1'");
  const warnings: object[] = [];
  const log = { ...silent, warn: (facts: object) => warnings.push(facts) } as unknown as typeof silent;
  const ids = await Promise.all([1, 2, 3].map(() => installationId(original, log)));
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).not.toBe(id);
  expect(warnings.length).toBeGreaterThan(0);
});

(testRedisUrl === undefined ? test.skip : test)(
  'a copy on the same Redis touches nothing of the original’s queue',
  async () => {
    const open = async (database: TestDatabase) =>
      openQueue({
        redisUrl: testRedisUrl,
        databaseUrl: database.url,
        installationId: await installationId(database),
        log: silent,
      });
    const tenantId = '5a3b1e00-0000-4000-8000-00000000c0de';
    const queue = await open(original);
    await queue.setSchedules(tenantId, [
      { id: `${tenantId} nightly`, pattern: '0 2 * * *', timeZone: 'UTC', data: { tenantId, schedule: 'nightly' } },
    ]);
    const ids = await queue.schedules();
    const copy = await copyOf(original);
    const queueOfCopy = await open(copy);
    try {
      expect(await queueOfCopy.schedules()).toEqual([]);
      // As a worker with SCHEDULE_NIGHTLY=off does.
      await queueOfCopy.setSchedules(tenantId, []);
      expect(await queue.schedules()).toEqual(ids);
    } finally {
      await queue.setSchedules(tenantId, []);
      await queue.close();
      await queueOfCopy.close();
      await copy.drop();
      original = await createTestDatabase(embedded());
    }
  },
);

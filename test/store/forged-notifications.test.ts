import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { sampleTenant, SAMPLE_CLIENT_ID, type Emulator } from '../../src/emulator/index.js';
import { installationId } from '../../src/store/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { testRedisUrl } from '../support/servers/redis.js';
import { runHere, settingsFor } from '../support/rollcall.js';

const tenant = sampleTenant();
const application = `${tenant.tenantId}/${SAMPLE_CLIENT_ID}`;
const nobody = `nobody_${randomUUID().slice(0, 8)}`;
let emulator: Emulator;
let settings: Awaited<ReturnType<typeof settingsFor>>;
let database: TestDatabase;
beforeAll(async () => {
  emulator = await startTestEmulator({ tenants: [tenant], latencyMs: 100 });
  settings = await settingsFor(emulator, tenant);
});
afterAll(async () => {
  await emulator.close();
  await settings.remove();
});
beforeEach(async () => {
  database = await createTestDatabase(embedded());
});
afterEach(() => database.drop());

/** Sends again and again while something else goes on. */
async function during<T>(work: Promise<T>, send: () => Promise<unknown>): Promise<T> {
  const over = new AbortController();
  const sending = (async () => {
    while (!over.signal.aborted) {
      await send();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  try {
    return await work;
  } finally {
    over.abort();
    await sending;
  }
}

const sync = (more: Record<string, string> = {}) =>
  runHere(['sync'], { ...settings.environment, DATABASE_URL: database.url, ...more });

async function expectUndisturbed({ code, out }: Awaited<ReturnType<typeof sync>>) {
  expect([code, out.match(/complete/g)?.length]).toEqual([0, 4]);
  expect(await database.rows('select from rollcall_data.runs where throttled_ms > 0 or attempt > 1')).toEqual([]);
}

test.each([[`${application} 86400000`], [`${application} NaN`], [application]])(
  'a login without any right that notifies "%s" holds nothing up',
  async (payload) => {
    await database.pool.query(`create role ${nobody} login password 'of-a-test'`);
    const url = new URL(database.url);
    url.username = nobody;
    url.password = 'of-a-test';
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      const storm = `do $$ begin for i in 1..50 loop perform pg_notify('rollcall_budget', '${payload}'); perform pg_notify('rollcall_budget', i::text); end loop; end $$`;
      await expectUndisturbed(await during(sync(), () => client.query(storm)));
    } finally {
      await client.end();
      await database.pool.query(`drop role ${nobody}`);
    }
  },
);

(testRedisUrl === undefined ? test.skip : test).each([['86400000'], ['NaN'], ['']])(
  'publishing "%s" in Redis delays nothing',
  async (message) => {
    const redis = new Redis(testRedisUrl!);
    const key = `rollcall:${await installationId(database)}:budget:${application}`;
    try {
      await expectUndisturbed(await during(sync({ REDIS_URL: testRedisUrl! }), () => redis.publish(key, message)));
    } finally {
      redis.disconnect();
    }
  },
);

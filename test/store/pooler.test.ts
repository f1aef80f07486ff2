import { sampleTenant, type Emulator } from '../../src/emulator/index.js';
import { createTestDatabase, embedded, type TestDatabase } from '../support/servers/database.js';
import { hasPgbouncer, startPgbouncer, type PgbouncerOptions } from '../support/servers/debian-postgres.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { testRedisUrl } from '../support/servers/redis.js';
import { runHere, settingsFor } from '../support/rollcall.js';

const describeHere = hasPgbouncer ? describe : describe.skip;

describeHere('behind PgBouncer', () => {
  const tenant = sampleTenant();
  let emulator: Emulator;
  let settings: Awaited<ReturnType<typeof settingsFor>>;
  let database: TestDatabase;
  beforeAll(async () => {
    emulator = await startTestEmulator({ tenants: [tenant] });
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

  /** Runs commands one after the other with a pooler between. */
  async function through(options: Omit<PgbouncerOptions, 'to'>, commands: readonly string[], more = {}) {
    const { port, username: user, password } = new URL(database.url);
    const pooler = await startPgbouncer({ ...options, to: { port: Number(port), user, password } });
    const url = new URL(database.url);
    url.port = String(pooler.port);
    try {
      const ended = [];
      for (const command of commands)
        ended.push(await runHere([command], { ...settings.environment, DATABASE_URL: url.href, ...more }));
      return ended;
    } finally {
      await pooler.stop();
    }
  }

  const advisory = () =>
    database.rows(
      "select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
    );

  test.each([
    ['transaction', []],
    ['transaction', ['server_round_robin = 1']],
    ['statement', []],
  ] as const)('%s mode %p is refused by name before anything is locked', async (mode, more) => {
    const ended = await through({ mode, more }, ['sync', 'migrate', 'doctor']);
    for (const { code, out, err } of ended)
      expect([code, out + err]).toEqual([1, expect.stringContaining('does not keep sessions together')]);
    expect(await advisory()).toEqual([]);
    expect(await database.rows('select from rollcall_data.runs')).toEqual([]);
  });

  test('session mode works, with the queue in Postgres', async () => {
    const [synced, doctor] = await through({ mode: 'session' }, ['sync', 'doctor']);
    expect([synced!.code, synced!.out.match(/complete/g)?.length]).toEqual([0, 4]);
    expect(doctor!.code).toBe(0);
  });

  (testRedisUrl === undefined ? test.skip : test)('session mode works, with the queue in Redis', async () => {
    const [synced] = await through({ mode: 'session', poolSize: 20 }, ['sync'], { REDIS_URL: testRedisUrl! });
    expect([synced!.code, synced!.out.match(/complete/g)?.length]).toEqual([0, 4]);
  });

  test('a pool that is too small is refused with what is waited for', async () => {
    const [synced] = await through({ mode: 'session', poolSize: 3 }, ['sync']);
    expect([synced!.code, synced!.err]).toEqual([1, expect.stringContaining('gave no answer within 15 s')]);
    expect(synced!.err).toContain('pool is too small');
  });
});

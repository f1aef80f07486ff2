import { openQueue } from '../../src/jobs/queue/open.js';
import { createPool } from '../../src/store/index.js';
import { sampleTenant, type Emulator } from '../../src/emulator/index.js';
import { createTestDatabase, embedded, silent, type TestDatabase } from '../support/servers/database.js';
import { startTestEmulator } from '../support/servers/emulator.js';
import { CALLED, createHostileDatabase } from '../support/servers/hostile-database.js';
import { runHere, settingsFor } from '../support/rollcall.js';

const tenant = sampleTenant();
/** Longer than the hostile database lets a session idle. */
const LATENCY_MS = 400;
let emulator: Emulator;
let settings: Awaited<ReturnType<typeof settingsFor>>;
let plain: TestDatabase;
let hostile: TestDatabase;
beforeAll(async () => {
  emulator = await startTestEmulator({ tenants: [tenant], latencyMs: LATENCY_MS });
  settings = await settingsFor(emulator, tenant);
  plain = await createTestDatabase(embedded());
  hostile = await createHostileDatabase();
});
afterAll(async () => {
  await emulator.close();
  await plain.drop();
  await hostile.drop();
  await settings.remove();
});

const VIEWS = ['hr_roster', 'discovered_applications', 'sso_roster', 'sso_access', 'unused_access', 'sync_health'];

const rollcall = (database: TestDatabase, args: readonly string[], more: Record<string, string> = {}) =>
  runHere(args, { ...settings.environment, DATABASE_URL: database.url, ...more });

const countsOf = (database: TestDatabase) =>
  Promise.all(
    VIEWS.map(async (view) => (await database.rows(`select count(*)::int from rollcall.${view}`))[0]!['count']),
  );

test('settings of the database or the role, and functions of others, change nothing of what a sync does', async () => {
  await rollcall(plain, ['sync']);
  const { code, out, err } = await rollcall(hostile, ['sync']);
  expect(err).not.toContain(CALLED);
  expect([code, out.match(/complete/g)?.length]).toEqual([0, 4]);
  expect(await countsOf(hostile)).toEqual(await countsOf(plain));
});

test('what reads afterwards is not misled either: ages, times and rights', async () => {
  const status = await rollcall(hostile, ['status']);
  expect(status.out).toContain('All is well');
  expect(status.out).not.toContain('NaN');
  const runs = await rollcall(hostile, ['runs', '--json']);
  const started = runs.out
    .trim()
    .split('\n')
    .map((line) => Date.parse(JSON.parse(line).startedAt ?? JSON.parse(line).started_at));
  expect(started).toHaveLength(4);
  for (const at of started) expect(Math.abs(Date.now() - at)).toBeLessThan(600_000);
});

/** Times in the units of pg_settings. */
const SAID = {
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  array_nulls: 'on',
  backslash_quote: 'safe_encoding',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  default_transaction_isolation: 'read committed',
  idle_in_transaction_session_timeout: '3600000',
  idle_session_timeout: '0',
  lock_timeout: '300000',
  quote_all_identifiers: 'off',
  row_security: 'on',
  standard_conforming_strings: 'on',
  statement_timeout: '0',
  tcp_keepalives_count: '3',
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  transaction_timeout: '0',
  transform_null_equals: 'off',
};

test('every connection of the tables and of the queue says what it depends on', async () => {
  const queue = await openQueue({ redisUrl: undefined, databaseUrl: hostile.url, installationId: '', log: silent });
  const pools = ['pg_catalog, pg_temp', 'bullmq, pg_catalog, pg_temp'].map(
    (searchPath) =>
      [searchPath, createPool({ url: hostile.url, log: silent, maxConnections: 1, name: 'test', searchPath })] as const,
  );
  for (const [searchPath, pool] of pools) {
    const { rows } = await pool.query('select name, setting from pg_settings where name = any($1)', [
      ['search_path', ...Object.keys(SAID)],
    ]);
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, String(setting).replaceAll('"', '')]))).toEqual({
      search_path: searchPath,
      ...SAID,
    });
    await pool.end();
  }
  await queue.close();
});

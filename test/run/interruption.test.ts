import type { TenantData } from '../../src/emulator/index.js';
import { createProcessWorld, type ProcessWorld } from '../support/setup/process-world.js';
import { testRedisUrl } from '../support/servers/redis.js';
import { run, start } from '../support/rollcall.js';
import { idsOf } from '../support/absence.js';
import { graphPaths, tenantOf } from '../support/setup/world.js';

/** Five pages, a count, and one of changes; slow enough to be met in the middle. */
const PEOPLE = 450;
const LARGEST_PAGE = 90;

let tenant: TenantData;
let world: ProcessWorld;
let emulator: ProcessWorld['emulator'];
let database: ProcessWorld['database'];
let environment: ProcessWorld['environment'];

beforeEach(async () => {
  tenant = tenantOf(PEOPLE);
  world = await createProcessWorld(tenant, { latencyMs: 250, largestPage: LARGEST_PAGE });
  ({ emulator, database, environment } = world);
});
afterEach(() => world.close());

async function pagesStaged(pages: number): Promise<void> {
  for (;;) {
    const [checkpoint] = await database.rows<{ pages: number }>(
      "select (state->'collections'->'/users'->>'pages')::int as pages from rollcall_staging.checkpoints",
    );
    if ((checkpoint?.pages ?? 0) >= pages) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** How often each page was asked for. */
function timesRead(): number[] {
  const times = new Map<string, number>();
  for (const path of graphPaths(emulator)) times.set(path, (times.get(path) ?? 0) + 1);
  return [...times.values()];
}

const queues = [
  { name: 'in Postgres', settings: {} },
  ...(testRedisUrl ? [{ name: 'on Redis', settings: { REDIS_URL: testRedisUrl } }] : []),
];

describe.each(queues)('With the queue $name', ({ settings }) => {
  test('a process that is killed in mid-run is gone on with at the next page, and the end state is right', async () => {
    const killed = start(['sync', 'hr-roster'], { ...environment, ...settings });
    await pagesStaged(2);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(await database.rows('select from rollcall.hr_roster')).toEqual([]);

    const { code, out } = await run(['sync', 'hr-roster', '--json'], { ...environment, ...settings });
    expect(code).toBe(0);
    const [run2] = out
      .trim()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line));
    expect(run2).toMatchObject({ outcome: 'complete', attempt: 2, pages: 6, items: PEOPLE });
    // The page that was on its way when the process died had reached nobody: it alone is asked for again.
    expect(timesRead().filter((times) => times === 1).length).toBeGreaterThanOrEqual(6);
    expect(timesRead()).toHaveLength(8);
    expect(await database.rows('select from rollcall.hr_roster')).toHaveLength(Number(run2!['added']));
    expect(await database.rows('select from rollcall_staging.checkpoints')).toEqual([]);
  });
});

test('a process that is told to stop ends soon, keeps its checkpoint, and says how to go on', async () => {
  const stopped = start(['sync', 'hr-roster'], environment);
  await pagesStaged(2);
  const told = performance.now();
  stopped.child.kill('SIGTERM');
  const { code, err } = await stopped.ended;
  expect(performance.now() - told).toBeLessThan(10_000);
  expect(code).toBe(130);
  expect(err).toContain('It resumes where it stopped:  rollcall sync hr-roster');
  await expect(run(['sync', 'hr-roster'], environment)).resolves.toMatchObject({ code: 0 });
  expect(timesRead().filter((times) => times > 1).length).toBeLessThanOrEqual(1);
});

test('two syncs at once share one run: every page is read once', async () => {
  const both = [
    start(['sync', 'hr-roster', '--json'], environment),
    start(['sync', 'hr-roster', '--json'], environment),
  ];
  const [first, second] = await Promise.all(both.map((each) => each.ended));
  expect([first!.code, second!.code]).toEqual([0, 0]);
  expect(JSON.parse(first!.out).id).toBe(JSON.parse(second!.out).id);
  expect(new Set(timesRead())).toEqual(new Set([1]));
});

test('staging that a crash of Postgres has emptied is read again from the start', async () => {
  const killed = start(['sync', 'hr-roster'], environment);
  await pagesStaged(2);
  killed.child.kill('SIGKILL');
  await killed.ended;
  // What recovery does to unlogged tables.
  await database.pool.query('truncate rollcall_staging.checkpoints');
  const tables = await database.rows<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'rollcall_staging'",
  );
  for (const { name } of tables) await database.pool.query(`truncate ${name}`);
  const { code, out } = await run(['sync', 'hr-roster', '--json'], environment);
  expect({ code, run: JSON.parse(out) }).toMatchObject({
    code: 0,
    run: { outcome: 'complete', pages: 6, items: PEOPLE },
  });
  expect(await database.rows('select from rollcall.hr_roster')).toHaveLength(JSON.parse(out).added);
});

test('a run whose job never reached the queue is found by any worker, and ended', async () => {
  const { rows } = await database.pool.query<{ id: string }>(
    "insert into rollcall_data.runs (id, tenant_id, task) values (gen_random_uuid(), $1, 'hr-roster') returning id",
    [tenant.tenantId],
  );
  const worker = start(['worker'], { ...environment, SCHEDULE_NIGHTLY: 'off', SCHEDULE_SSO_ACCESS: 'off' });
  const outcome = async () =>
    (await database.rows<{ outcome: string }>('select outcome from rollcall.runs where id = $1', [rows[0]!.id]))[0]!
      .outcome;
  while ((await outcome()) === 'running') await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await outcome()).toBe('complete');
  worker.child.kill('SIGTERM');
  await worker.ended;
  // However often it was looked for: it got one job for one attempt, and of that nothing is left.
  await expect(database.rows('select attempt from rollcall_data.runs')).resolves.toEqual([{ attempt: 1 }]);
  await expect(database.rows('select id from bullmq.job')).resolves.toEqual([]);
});

test('a process that is killed while it asks for whole objects asks for them again, and none is lost', async () => {
  await expect(run(['sync', 'hr-roster'], environment)).resolves.toMatchObject({ code: 0 });
  const changed = idsOf(tenant.users).slice(0, 250);
  for (const id of changed) tenant.users.update(id, { department: 'Merged' });
  emulator.faults.add({ path: '/v1.0/users/delta', times: 'always', action: { kind: 'tell-part', properties: [] } });
  emulator.clearRequests();
  const asked = () => emulator.requests.filter(({ innerOf }) => innerOf !== undefined).length;
  const killed = start(['sync', 'hr-roster'], environment);
  while (asked() < 100) await new Promise((resolve) => setTimeout(resolve, 10));
  killed.child.kill('SIGKILL');
  await killed.ended;
  const { code, out } = await run(['sync', 'hr-roster', '--json'], environment);
  expect({ code, run: JSON.parse(out) }).toMatchObject({
    code: 0,
    run: { outcome: 'complete', attempt: 2, changed: changed.filter(isMember).length, removed: 0 },
  });
  const merged = await database.rows(
    "select from rollcall.hr_roster where department = 'Merged' and email is not null",
  );
  expect(merged).toHaveLength(changed.filter(isMember).length);
});

const isMember = (id: string) => tenant.users.get(id)!['userType'] === 'Member';

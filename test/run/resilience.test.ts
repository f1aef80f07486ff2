import { adviceOn } from '../../src/cli/advice.js';
import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import type { RunProgress } from '../../src/jobs/worker/sync.js';
import { dryRun } from '../../src/jobs/run/dry-run.js';
import { runTask } from '../../src/jobs/run/run-task.js';
import { requestRun, setWaiting } from '../../src/store/index.js';
import { silent } from '../support/servers/database.js';
import { hoursAgo } from '../support/setup/access-tenant.js';
import { breakLocks, lockOfRun } from '../support/locks.js';
import { until } from '../support/until.js';
import { createWorld, graphPaths, SETTINGS, tenantOf, usersOf, type World } from '../support/setup/world.js';

/** Four pages. */
const PEOPLE = 3500;
let world: World;
beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE), latencyMs: 60 });
});
afterEach(() => world.close());

const sync: World['sync'] = (options) => world.sync({ tasks: [hrRoster], full: true, ...options });
const people = async () => (await world.database.rows('select from rollcall.hr_roster')).length;

/** Does something once, as soon as a page is in staging. */
function afterFirstPage(work: () => void) {
  let done = false;
  return ([progress]: readonly RunProgress[]) => {
    if (done || progress!.pages === 0 || progress!.run.endedAt !== null) return;
    done = true;
    work();
  };
}

/** Runs until a page is in staging, then stops as if told to. */
async function interruptedSync(options: Parameters<World['sync']>[0] = {}) {
  const stop = new AbortController();
  const [run] = await sync({ ...options, signal: stop.signal, onProgress: afterFirstPage(() => stop.abort()) });
  expect(run).toMatchObject({ outcome: 'running' });
}

test('a second job of a run that was told to wait does not begin it, however early it was looked up', async () => {
  const { database, graph, accessLog } = world;
  const run = await requestRun(database, { tenantId: world.tenant.tenantId, task: 'hr-roster' });
  await setWaiting(database, run.id, { delayMs: 3_600_000, message: 'Graph asked for a long wait' });
  const filters = { includeGuests: false, includeAgents: false, domainNames: [] };
  const { signal } = new AbortController();
  const context = { database, graph, accessLog, filters, settings: SETTINGS, log: silent, signal };
  await expect(runTask(hrRoster, run, context)).rejects.toMatchObject({ name: 'RetryLater' });
  const [kept] = await database.rows(
    "select attempt, waiting_until > now() + interval '50 minutes' as waits from rollcall_data.runs",
  );
  expect(kept).toEqual({ attempt: 0, waits: true });
  expect(world.emulator.requests).toEqual([]);
});

test('connections that break in mid-run, the one with the lock included, cost nobody and nothing', async () => {
  const breakAll = () =>
    void world.database.pool
      .query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name = 'rollcall'",
      )
      .catch(() => {});
  const [run] = await sync({ includeGuests: true, onProgress: afterFirstPage(breakAll) });
  expect(run).toMatchObject({ outcome: 'complete', items: PEOPLE });
  expect(await people()).toBe(PEOPLE);
});

test('a run that resumes under other filters begins again: nobody is removed for a filter that no longer holds', async () => {
  await sync({ includeGuests: true });
  await interruptedSync({ includeGuests: true, domainNames: ['typo.example'] });
  const [run] = await sync({ includeGuests: true });
  expect(run).toMatchObject({ outcome: 'complete', removed: 0, items: PEOPLE });
  expect(await people()).toBe(PEOPLE);
});

test.each([
  ['an hour less than a day ago goes on at its next page', 23, 0],
  ['more than a day ago begins again: its pages are those of another day', 25, 1],
])('a read that began %s', async (_, hours, firstPages) => {
  await interruptedSync({ includeGuests: true });
  await world.database.pool.query(
    `update rollcall_staging.checkpoints set state = jsonb_set(state::jsonb, '{collections,/users,since}', to_jsonb($1::text))`,
    [hoursAgo(hours)],
  );
  world.emulator.clearRequests();
  const [run] = await sync({ includeGuests: true });
  expect(run).toMatchObject({ outcome: 'complete', items: PEOPLE, removed: 0 });
  expect(await people()).toBe(PEOPLE);
  const first = graphPaths(world.emulator).filter((path) => path.startsWith('/v1.0/users?') && !/token/.test(path));
  expect(first).toHaveLength(firstPages);
});

test('a request of a run that has lost its lock is given up: another worker may have the run already', async () => {
  const { database, graph, accessLog } = world;
  world.emulator.faults.add({ path: '/v1.0/users?', action: { kind: 'delay', ms: 3_600_000 } });
  const run = await requestRun(database, { tenantId: world.tenant.tenantId, task: 'hr-roster' });
  const filters = { includeGuests: true, includeAgents: false, domainNames: [] };
  const { signal } = new AbortController();
  const working = runTask(hrRoster, run, {
    database,
    graph,
    accessLog,
    filters,
    settings: SETTINGS,
    log: silent,
    signal,
  });
  await until(() => world.emulator.faults.entries.some(({ struck }) => struck > 0));
  await breakLocks(database, lockOfRun(run));
  await expect(working).rejects.toThrow(/connection/i);
  // Left open, with what it has: whoever takes the lock goes on.
  expect(await database.rows('select outcome, attempt from rollcall_data.runs')).toEqual([
    { outcome: 'running', attempt: 1 },
  ]);
  const [ended] = await sync({ includeGuests: true });
  expect(ended).toMatchObject({ id: run.id, outcome: 'complete', attempt: 2, items: PEOPLE });
});

test('a run that is interrupted again and again before a page is in ends, and a replay begins to count again', async () => {
  const { database, graph, accessLog } = world;
  const run = await requestRun(database, { tenantId: world.tenant.tenantId, task: 'hr-roster' });
  const filters = { includeGuests: false, includeAgents: false, domainNames: [] };
  const context = {
    database,
    graph,
    accessLog,
    filters,
    settings: SETTINGS,
    log: silent,
    signal: new AbortController().signal,
  };
  const breakLock = setInterval(
    () =>
      void database.pool
        .query('select pg_terminate_backend(pid) from rollcall_staging.locks where pid <> pg_backend_pid()')
        .catch(() => {}),
    10,
  );
  const codes: string[] = [];
  try {
    while (codes.length < 200 && !codes.includes('no_progress'))
      await runTask(hrRoster, run, context).catch((error: { code?: string; name: string }) =>
        codes.push(error.code ?? error.name),
      );
  } finally {
    clearInterval(breakLock);
  }
  const [ended] = await database.rows('select outcome, error_code, attempt from rollcall_data.runs');
  expect(ended).toMatchObject({ outcome: 'failed', error_code: 'no_progress' });
  const [kept] = await database.rows("select state ->> 'idle' as idle from rollcall_staging.checkpoints");
  expect(kept).toEqual({ idle: '0' });
});

test('a checkpoint that this version cannot read counts as none', async () => {
  await interruptedSync();
  await world.database.pool.query(`update rollcall_staging.checkpoints set state = '{"collections": 7}'`);
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'complete', items: PEOPLE });
});

test('a held run does not move what the filters were: a changed filter takes effect with the next good run', async () => {
  await sync({ includeGuests: true });
  const members = usersOf(world.tenant).filter(({ userType }) => userType === 'Member');
  const away = members.slice(0, members.length / 2).map(({ id }) => String(id));
  for (const id of away) world.tenant.users.softDelete(id);
  await expect(sync({ includeGuests: false })).resolves.toMatchObject([{ outcome: 'held' }]);
  for (const id of away) world.tenant.users.restore(id);
  const [run] = await sync({ includeGuests: false });
  expect(run).toMatchObject({ outcome: 'complete' });
  expect(await people()).toBeLessThan(PEOPLE);
  expect(await world.database.rows('select from rollcall_data.held_removals')).toEqual([]);
});

test('a run that cannot even begin fails with its reason, and is not left open', async () => {
  await world.database.pool.query('alter table rollcall_staging.checkpoints drop column attempt');
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'failed', errorCode: 'database_failed' });
});

test('while Graph asked for a long wait, a process that knows nothing of it waits as well', async () => {
  world.emulator.faults.add({ path: '/v1.0/users?', nth: 2, action: { kind: 'throttle', retryAfter: '3600' } });
  const stop = new AbortController();
  const untilWaiting = ([progress]: readonly RunProgress[]) => {
    if (progress!.run.waitingUntil !== null) stop.abort();
  };
  await sync({ signal: stop.signal, onProgress: untilWaiting });
  const asked = world.emulator.requests.length;
  const again = new AbortController();
  let looks = 0;
  const [run] = await sync({
    graph: world.newGraph(),
    signal: again.signal,
    onProgress: () => {
      if ((looks += 1) > 4) again.abort();
    },
  });
  expect(run).toMatchObject({ outcome: 'running', attempt: 1 });
  expect(world.emulator.requests).toHaveLength(asked);
});

test('while the budget is used up, the run waits at no cost, and says what for', async () => {
  const { database } = world;
  const slow = world.newGraph({ budget: { limits: { directory: { units: 1, windowMs: 1e7 } } } });
  const stop = new AbortController();
  const untilWaiting = ([progress]: readonly RunProgress[]) => {
    if (progress!.run.waitingUntil !== null) stop.abort();
  };
  const [run] = await sync({ graph: slow, signal: stop.signal, onProgress: untilWaiting });
  expect(run).toMatchObject({ outcome: 'running', waitingFor: "Graph's budget for this application is used up" });
  const { says } = (await adviceOn(database, run!))!;
  expect(says).toEqual([
    expect.stringMatching(/^Graph's budget for this application is used up: a worker resumes at \d{4}-/),
  ]);
  const jobs = await database.rows('select attempts_made from bullmq.job where attempts_made > 0');
  expect(jobs).toEqual([]);
});

test('an absurd cost, told once, and absurd books block nobody', async () => {
  const absurd = { 'x-ms-resource-unit': '1000000000000', 'x-ms-throttle-limit-percentage': '-1e9' };
  world.emulator.faults.add({ path: '/v1.0/users?', action: { kind: 'headers', headers: absurd } });
  await expect(sync()).resolves.toMatchObject([{ outcome: 'complete' }]);
  await world.database.pool.query(
    `update rollcall_staging.budgets set level = 1e300, paused_until = now() + interval '90 years'`,
  );
  const slow = world.newGraph({ budget: { limits: { directory: { units: 1e6, windowMs: 100 } } } });
  await expect(sync({ graph: slow })).resolves.toMatchObject([{ outcome: 'complete' }]);
  const units = await world.database.rows('select from rollcall_data.access_log where resource_units > 1000000');
  expect(units).toEqual([]);
});

test('a dry run beside an interrupted run leaves its pages alone', async () => {
  await interruptedSync();
  const { queue: _, ...context } = world;
  const filters = { includeGuests: true, includeAgents: false, domainNames: [] };
  const signal = new AbortController().signal;
  await expect(
    dryRun(hrRoster, world.tenant.tenantId, { ...context, filters, settings: SETTINGS, log: silent, signal }),
  ).resolves.toMatchObject({ outcome: 'complete', counts: { added: PEOPLE } });
  const [run] = await sync();
  expect(run).toMatchObject({ outcome: 'complete', items: PEOPLE, attempt: 2 });
});

import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { cancelRun } from '../../src/jobs/run/cancel-run.js';
import { forgetEnded } from '../../src/jobs/queue/forget-jobs.js';
import { reopen } from '../../src/jobs/run/reopen.js';
import { ssoAccess } from '../../src/jobs/sso-access/index.js';
import { ssoRoster } from '../../src/jobs/sso-roster/index.js';
import { fixedTenants } from '../../src/jobs/worker/served-tenants.js';
import { startWorker } from '../../src/jobs/worker/worker.js';
import {
  findRun,
  isRunLocked,
  openDatabase,
  openRuns,
  requestRun,
  type Database,
  type Run,
} from '../../src/store/index.js';
import { silent } from '../support/servers/database.js';
import { until } from '../support/until.js';
import { SETTINGS, createWorld, graphPaths, tenantOf, type World } from '../support/setup/world.js';

const PEOPLE = 450;
/** Those who wait for a session. The queue is in the same database, and its sessions wait for each other. */
const waitingFor = (blocker: string) => `pg_stat_activity where pg_blocking_pids(pid) && (${blocker})`;
const OPERATOR = { actor: 'anna', host: 'desk' };

let world: World;
beforeEach(async () => {
  world = await createWorld({ tenant: tenantOf(PEOPLE), largestPage: 90 });
});
afterEach(() => world.close());

const sync = (options?: Parameters<World['sync']>[0]) => world.sync({ tasks: [hrRoster], ...options });
const cancel = (run: Run) => cancelRun(world.database, run, OPERATOR);
const count = async (from: string) =>
  (await world.database.rows<{ n: number }>(`select count(*)::int as n from ${from}`))[0]!.n;
const theOpenRun = async () => (await openRuns(world.database))[0];

/** An answer that does not come while the test lasts. */
const never = (path: string, nth = 1) =>
  world.emulator.faults.add({ path, nth, action: { kind: 'delay', ms: 300_000 } });

async function pagesStaged(pages: number): Promise<void> {
  await until(async () => {
    const [row] = await world.database.rows<{ pages: number }>(
      "select (state->'collections'->'/users'->>'pages')::int as pages from rollcall_staging.checkpoints",
    );
    return (row?.pages ?? 0) >= pages;
  });
}

/** The database, with something that happens before one of its transactions. */
function before(isNow: () => Promise<boolean>, happens: () => Promise<unknown>): Database {
  let happened = false;
  return {
    ...world.database,
    async transaction(work) {
      if (!happened && (await isNow())) {
        happened = true;
        await happens();
      }
      return world.database.transaction(work);
    },
  };
}

test('a run that is read ends cancelled at once, writes nothing, and a replay resumes it at the page where it was', async () => {
  never('/v1.0/users?', 3);
  const running = sync();
  await pagesStaged(2);
  const run = (await theOpenRun())!;
  const cancelled = await cancel(run);
  const ended = {
    id: run.id,
    outcome: 'cancelled',
    pages: 2,
    items: 180,
    errorCode: 'cancelled',
    errorMessage: expect.stringMatching(/^Cancelled by anna on desk at \d{4}-.*Z$/),
  };
  expect(cancelled).toMatchObject(ended);
  expect(await running).toMatchObject([ended]);
  expect(await count('rollcall.hr_roster')).toBe(0);
  expect(await count('rollcall_staging.checkpoints')).toBe(1);
  expect(await world.queue.jobs(['waiting', 'delayed', 'active', 'failed'])).toEqual([]);

  world.emulator.faults.clear();
  const first = graphPaths(world.emulator)[0];
  await reopen(cancelled, world.database);
  expect(await sync()).toMatchObject([{ id: run.id, outcome: 'complete', attempt: 2, errorCode: null, items: PEOPLE }]);
  expect(graphPaths(world.emulator).filter((path) => path === first)).toHaveLength(1);
});

test('a worker gives up the run that was cancelled, its requests and its lock, within seconds, and works on the next', async () => {
  never('/v1.0/users?', 3);
  const { tenantId } = world.tenant;
  const filters = { includeGuests: false, includeAgents: false, domainNames: [] };
  const tenants = fixedTenants([{ tenantId, graph: world.graph, filters }]);
  const worker = startWorker({ ...world, tenants, settings: SETTINGS, log: silent });
  const ask = async () => {
    const run = await requestRun(world.database, { tenantId, task: 'hr-roster' });
    await world.queue.add({ tenantId, task: 'hr-roster', runId: run.id });
    return run;
  };
  try {
    const first = await ask();
    await pagesStaged(2);
    await cancel(first);
    await until(async () => !(await isRunLocked(world.database, first)));
    await until(async () => (await world.queue.jobs(['active', 'delayed', 'failed'])).length === 0);
    world.emulator.faults.clear();
    const second = await ask();
    await until(async () => (await findRun(world.database, second.id))?.endedAt !== null);
    expect(await findRun(world.database, second.id)).toMatchObject({ outcome: 'complete' });
    expect(await findRun(world.database, first.id)).toMatchObject({ outcome: 'cancelled', pages: 2 });
  } finally {
    await worker.close();
  }
  // Less than the request that hangs would take to be given up by itself.
}, 60_000);

test('a run that waits for Graph is cancelled, and its job leaves the queue', async () => {
  world.emulator.faults.add({
    path: '/v1.0/users?',
    times: 'always',
    action: { kind: 'throttle', retryAfter: '3600' },
  });
  const running = sync();
  await until(async () => typeof (await theOpenRun())?.waitingUntil === 'string');
  await cancel((await theOpenRun())!);
  expect(await running).toMatchObject([{ outcome: 'cancelled', waitingUntil: null }]);
  expect(await world.queue.jobs(['waiting', 'delayed', 'active', 'failed'])).toEqual([]);
});

test('a run that no process works on is cancelled; the next is a new one, and clears its staging away', async () => {
  const { tenantId } = world.tenant;
  const run = await requestRun(world.database, { tenantId, task: 'hr-roster' });
  await world.queue.add({ tenantId, task: 'hr-roster', runId: run.id });
  const cancelled = await cancel(run);
  expect(cancelled).toMatchObject({ outcome: 'cancelled', attempt: 0, pages: 0 });
  await forgetEnded(world.queue, [cancelled]);
  expect(await world.queue.jobs(['waiting', 'delayed'])).toEqual([]);
  // A job that was overlooked finds that its run has ended.
  await world.queue.add({ tenantId, task: 'hr-roster', runId: run.id });
  const [next] = await sync();
  expect(next).toMatchObject({ outcome: 'complete', items: PEOPLE });
  expect(next!.id).not.toBe(run.id);
  expect(await findRun(world.database, run.id)).toMatchObject({ outcome: 'cancelled', attempt: 0 });
  expect(await count('rollcall_staging.checkpoints')).toBe(0);
});

test('how long a cancel waits for locks holds for its transaction alone, not for whoever has the connection next', async () => {
  const run = await requestRun(world.database, { tenantId: world.tenant.tenantId, task: 'hr-roster' });
  const database = await openDatabase({ url: world.database.url, log: silent, maxConnections: 1 });
  const patience = async () => (await database.pool.query('show lock_timeout')).rows;
  const before = await patience();
  await cancelRun(database, run, OPERATOR);
  expect(await patience()).toEqual(before);
  await database.close();
});

test('a run that has ended is not cancelled, however it ended', async () => {
  const [complete] = await sync();
  await expect(cancel(complete!)).rejects.toMatchObject({
    code: 'not_cancellable',
    message: expect.stringMatching(/ended complete at .*Z; expected a run that has not ended$/),
  });
  const { tenantId } = world.tenant;
  const run = await requestRun(world.database, { tenantId, task: 'hr-roster' });
  await cancel(run);
  await expect(cancel(run)).rejects.toMatchObject({
    code: 'not_cancellable',
    message: expect.stringContaining('ended cancelled'),
  });
  expect(await findRun(world.database, complete!.id)).toEqual(complete);
});

test('what is landing when a cancel comes lands whole, and the cancel is refused', async () => {
  const other = await world.database.pool.connect();
  await other.query('begin; lock table rollcall_data.cursors in exclusive mode');
  const [own] = (await other.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
  const landing = waitingFor(`array[${own!.pid}]`);
  const running = sync();
  await until(async () => (await count(landing)) > 0);
  const refused = cancel((await theOpenRun())!).catch((error: unknown) => error);
  await until(async () => (await count(waitingFor(`select array_agg(pid) from ${landing}`))) > 0);
  await other.query('commit');
  other.release();
  expect(await running).toMatchObject([{ outcome: 'complete', errorCode: null }]);
  expect(await refused).toMatchObject({ code: 'not_cancellable' });
  expect(await count('rollcall.hr_roster')).toBeGreaterThan(300);
});

test('what has been read and not landed when a cancel comes never lands', async () => {
  const isRead = async () =>
    (await count("rollcall_staging.checkpoints where (state->'collections'->'/users'->>'done')::boolean")) === 1;
  const database = before(isRead, async () => cancel((await theOpenRun())!));
  expect(await sync({ database })).toMatchObject([{ outcome: 'cancelled', items: PEOPLE }]);
  for (const table of ['users', 'changes', 'cursors']) expect(await count(`rollcall_data.${table}`)).toBe(0);
  expect(await sync()).toMatchObject([{ outcome: 'complete', attempt: 1 }]);
  expect(await count('rollcall_staging.checkpoints')).toBe(0);
});

test('of sign-ins the windows that have landed stay, and none lands after the cancel', async () => {
  await world.close();
  world = await createWorld();
  await world.sync({ tasks: [hrRoster] });
  const position = () =>
    world.database.rows<{ position: string }>("select position from rollcall_data.cursors where task = 'sso-access'");
  let landed: { position: string }[] = [];
  let events = 0;
  const database = before(
    async () => (await position()).length > 0,
    async () => {
      await cancel((await theOpenRun())!);
      landed = await position();
      events = await count('rollcall_data.sign_in_events');
    },
  );
  const [run] = await world.sync({ tasks: [ssoAccess], database });
  expect(run).toMatchObject({ outcome: 'cancelled' });
  expect(landed).toHaveLength(1);
  expect(await position()).toEqual(landed);
  expect(await count('rollcall_data.sign_in_events')).toBe(events);
  expect(await world.sync({ tasks: [ssoAccess] })).toMatchObject([{ outcome: 'complete' }]);
});

test('what builds on a cancelled run says so', async () => {
  await world.close();
  world = await createWorld();
  await world.sync();
  const run = await requestRun(world.database, { tenantId: world.tenant.tenantId, task: 'hr-roster' });
  await cancel(run);
  const [roster] = await world.sync({ tasks: [ssoRoster] });
  expect(roster).toMatchObject({ outcome: 'complete', note: expect.stringContaining('hr-roster was cancelled') });
});

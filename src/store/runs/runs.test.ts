import { randomUUID } from 'node:crypto';
import { createTestDatabase, embedded, type TestDatabase } from '../../../test/support/servers/database.js';
import { until } from '../../../test/support/until.js';
import { RollcallError } from '../../errors.js';
import { cancelOpenRun, keepOpen } from './open-run.js';
import {
  checkpointOf,
  endRun,
  failOpenRun,
  failRun,
  findRun,
  latestRuns,
  listRuns,
  openRuns,
  reopenRun,
  requestRun,
  setNote,
  settleHeldRun,
  setWaiting,
  stampEnd,
  startAttempt,
  waitLeft,
  type Run,
  type RunCounts,
} from './runs.js';
import { TakenOver } from './taken-over.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(embedded());
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query('truncate rollcall_data.runs, rollcall_staging.checkpoints'));

const [mine, other] = [randomUUID(), randomUUID()];
const task = 'hr-roster';
const HOUR = 3_600_000;
// prettier-ignore
const counts: RunCounts = {
  pages: 7, items: 7, added: 7, changed: 7, removed: 7, unchanged: 7, filtered: 7, filteredBy: { guest: 7 },
  quarantined: 7, skipped: 7, skippedParents: [], requests: 7, retries: 7, bytes: 7, throttledMs: 7,
};
const error = new RollcallError('graph_failed', 'It failed.', 'Try again.');

interface Given {
  readonly tenantId?: string;
  readonly task?: string;
  readonly outcome?: Run['outcome'];
  readonly attempt?: number;
  readonly hoursAgo?: number;
  /** Until when it waits, in hours from now. */
  readonly waits?: number;
}

/** A run as it stands in its table: open, unless it has an outcome. */
async function insert(given: Given = {}): Promise<Run> {
  const { tenantId = mine, outcome = 'running', attempt = 1, hoursAgo = 1, waits } = given;
  const id = randomUUID();
  const startedAt = new Date(Date.now() - hoursAgo * HOUR);
  const waitingUntil = waits === undefined ? null : new Date(Date.now() + waits * HOUR);
  await database.pool.query(
    `insert into rollcall_data.runs (id, tenant_id, task, outcome, attempt, started_at, ended_at, note, waiting_until, waiting_for)
     values ($1, $2, $3, $4, $5, $6, case when $4 <> 'running' then $6::timestamptz + interval '1 minute' end, 'Noted.', $7, 'Graph')`,
    [id, tenantId, given.task ?? task, outcome, attempt, startedAt, waitingUntil],
  );
  return rowOf({ id });
}
const rowOf = async ({ id }: Pick<Run, 'id'>): Promise<Run> => (await findRun(database, id))!;
const allBut = ({ id }: Pick<Run, 'id'>) =>
  database.rows('select * from rollcall_data.runs where id <> $1 order by id', [id]);

type Act = (run: Run) => Promise<unknown>;
const ENDING: [string, Act][] = [
  ['endRun', (run) => endRun(database.db, run, 'complete', { ...counts, doubts: [] })],
  ['failRun', (run) => failRun(database, run, error, counts)],
  ['failOpenRun', ({ id }) => failOpenRun(database, id, error)],
  ['cancelOpenRun', ({ id }) => cancelOpenRun(database.db, id, { counts, message: 'Cancelled', advice: 'None.' })],
];
const OPEN: [string, Act][] = [
  ...ENDING,
  ['startAttempt', ({ id }) => startAttempt(database, id)],
  ['setWaiting', ({ id }) => setWaiting(database, id, { delayMs: HOUR, message: 'Graph asks for it' })],
];
const ENDED: [string, Act][] = [
  ['stampEnd', (run) => stampEnd(database.db, run)],
  ['settleHeldRun', ({ id }) => settleHeldRun(database.db, id, { outcome: 'complete', note: 'Decided.' })],
  ['reopenRun', ({ id }) => reopenRun(database.db, id)],
  ['setNote', ({ id }) => setNote(database, id, 'Another note.')],
];

/** Whatever lies beside a run: of its own task, of another, of another tenant; open, waiting, held, failed. */
async function insertOthers(): Promise<void> {
  for (const outcome of ['held', 'failed', 'complete'] as const) {
    await insert({ outcome, hoursAgo: 30 });
    await insert({ outcome, tenantId: other });
  }
  await insert({ tenantId: other });
  await insert({ task: 'sso-roster', attempt: 0 });
  await insert({ tenantId: other, task: 'sso-roster', waits: 1 });
}

test.each([
  ...OPEN.map(([name, act]): [string, Run['outcome'], Act] => [name, 'running', act]),
  ...ENDED.map(([name, act]): [string, Run['outcome'], Act] => [name, 'held', act]),
])('%s touches one run and no other', async (_, outcome, act) => {
  await insertOthers();
  const run = await insert({ outcome, hoursAgo: 2 });
  const others = await allBut(run);
  await act(run);
  expect(await rowOf(run)).not.toEqual(run);
  expect(await allBut(run)).toEqual(others);
});

test.each(OPEN)('%s leaves a run that has ended as it is', async (_, act) => {
  const run = await insert({ outcome: 'held' });
  await act(run);
  expect(await rowOf(run)).toEqual(run);
});

test.each(ENDING)('a run that %s ended waits no longer', async (_, act) => {
  const run = await insert({ waits: 1 });
  await act(run);
  expect(await rowOf(run)).toMatchObject({ waitingUntil: null, waitingFor: null });
});

test('an attempt that another has replaced ends nothing', async () => {
  const run = await insert({ attempt: 2 });
  const older = { ...run, attempt: 1 };
  await expect(endRun(database.db, older, 'complete', { ...counts, doubts: [] })).resolves.toBe(false);
  await failRun(database, older, error, counts);
  await expect(keepOpen(database.db, older)).rejects.toBeInstanceOf(TakenOver);
  expect(await rowOf(run)).toEqual(run);
  await expect(keepOpen(database.db, run)).resolves.toBeUndefined();
  await expect(keepOpen(database.db, await insert({ outcome: 'failed' }))).rejects.toBeInstanceOf(TakenOver);
});

describe('what is asked for', () => {
  test.each([false, true])('is the open run of the task and tenant, or else a new one; full: %s', async (full) => {
    await insertOthers();
    const others = await allBut({ id: randomUUID() });
    const run = await requestRun(database, { tenantId: mine, task, full });
    expect(run).toMatchObject({ tenantId: mine, task, full, outcome: 'running', attempt: 0 });
    await expect(requestRun(database, { tenantId: mine, task })).resolves.toEqual(run);
    await expect(requestRun(database, { tenantId: mine, task, full: true })).resolves.toEqual({ ...run, full: true });
    expect(await allBut(run)).toEqual(others);
  });

  test('begins after the end of the run that it has waited for', async () => {
    const before = await insert();
    const asked = await database.transaction(async ({ db, client }) => {
      await client.query('update rollcall_data.runs set task = task where id = $1', [before.id]);
      const asking = requestRun(database, { tenantId: mine, task });
      const waits = 'select from pg_stat_activity where datname = current_database() and wait_event_type = $1';
      await until(async () => (await database.rows(waits, ['Lock'])).length > 0);
      await endRun(db, before, 'complete', { ...counts, doubts: [] });
      await stampEnd(db, before);
      return { asking };
    });
    const { startedAt } = await asked.asking;
    expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(Date.parse((await rowOf(before)).endedAt!));
  });

  test('has begun already if a worker takes it at once', async () => {
    await database.pool.query(`
      create function rollcall_data.taken() returns trigger language plpgsql as
        $$ begin new.attempt = 1; new.started_at = '2026-01-01'; return new; end $$;
      create trigger taken before insert on rollcall_data.runs for each row execute function rollcall_data.taken()`);
    const { startedAt } = await requestRun(database, { tenantId: mine, task });
    await database.pool.query('drop function rollcall_data.taken cascade');
    expect(new Date(startedAt)).toEqual(new Date('2026-01-01'));
  });
});

test('a run that waits is not taken up before it is due, and waits no longer once it is', async () => {
  const run = await insert({ waits: 1 });
  await expect(startAttempt(database, run.id)).resolves.toBeUndefined();
  await database.pool.query("update rollcall_data.runs set waiting_until = now() - interval '1 second'");
  const taken = await startAttempt(database, run.id);
  expect(taken).toMatchObject({ attempt: run.attempt + 1, waitingUntil: null, waitingFor: null });
});

test('the wait that is left is rounded up: nothing comes back before the run may be taken up', async () => {
  const run = await insert();
  await database.transaction(async ({ db, client }) => {
    const left = async (ms: number) => {
      const until = `update rollcall_data.runs set waiting_until = now() + ${ms} * interval '1 millisecond'`;
      await client.query(until);
      return waitLeft({ ...database, db }, run.id);
    };
    expect([await left(1.4), await left(2), await left(-5)]).toEqual([2, 2, 0]);
  });
  const ended = await insert({ outcome: 'failed', waits: 1 });
  await expect(waitLeft(database, ended.id)).resolves.toBeUndefined();
});

describe('a run is opened again', () => {
  test('without what it failed of, whatever ran before it, or of other tasks and tenants', async () => {
    await insertOthers();
    const run = await insert({ attempt: 3, hoursAgo: 20 });
    await failRun(database, run, error, counts);
    await expect(reopenRun(database.db, run.id)).resolves.toMatchObject({
      outcome: 'running',
      endedAt: null,
      errorCode: null,
      errorMessage: null,
      errorAdvice: null,
    });
  });

  test('unless it is open, or a later one of its task and tenant exists', async () => {
    const earlier = await insert({ outcome: 'failed', hoursAgo: 9 });
    const open = await insert();
    for (const { id } of [earlier, open]) await expect(reopenRun(database.db, id)).resolves.toBeUndefined();
    expect(await rowOf(earlier)).toEqual(earlier);
  });
});

test('runs are listed newest first, as many as asked for, by tenant, task and outcome', async () => {
  const [third, first, second] = [
    await insert({ outcome: 'held', hoursAgo: 3 }),
    await insert({ hoursAgo: 1 }),
    await insert({ tenantId: other, task: 'sso-roster', outcome: 'failed', hoursAgo: 2 }),
  ];
  const listed = async (filter: Partial<Parameters<typeof listRuns>[1]>) => listRuns(database, { limit: 9, ...filter });
  expect(await listed({})).toEqual([first, second, third]);
  expect(await listed({ limit: 2 })).toEqual([first, second]);
  expect(await listed({ tenantId: other })).toEqual([second]);
  expect(await listed({ task })).toEqual([first, third]);
  expect(await listed({ outcome: 'held' })).toEqual([third]);
  expect(await openRuns(database)).toEqual([first]);
  expect(new Set(await latestRuns(database))).toEqual(new Set([first, second]));
  expect(await latestRuns(database, other)).toEqual([second]);
});

test('the checkpoint of a run is its own', async () => {
  const [one, two] = [await insert(), await insert({ tenantId: other })];
  for (const [{ id, tenantId }, page] of [
    [one, 1],
    [two, 2],
  ] as const)
    await database.pool.query('insert into rollcall_staging.checkpoints values ($1, 1, $2, $3, $4)', [
      id,
      { page },
      tenantId,
      task,
    ]);
  await expect(checkpointOf(database, two.id)).resolves.toEqual({ page: 2 });
});

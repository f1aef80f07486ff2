import { hostname, userInfo } from 'node:os';
import { createProcessWorld, type ProcessWorld } from '../support/setup/process-world.js';
import { testRedisUrl } from '../support/servers/redis.js';
import { run, runHere, start } from '../support/rollcall.js';
import { until } from '../support/until.js';
import { tenantOf } from '../support/setup/world.js';

let world: ProcessWorld;
beforeEach(async () => {
  world = await createProcessWorld(tenantOf(300), { largestPage: 90 });
});
afterEach(() => world.close());

/** An answer that does not come while the test lasts. */
const never = () => world.emulator.faults.add({ path: '/v1.0/users?', nth: 3, action: { kind: 'delay', ms: 300_000 } });
const pages = async (): Promise<number> =>
  Number(
    (
      await world.database.rows<{ pages: string }>(
        "select state->'collections'->'/users'->>'pages' as pages from rollcall_staging.checkpoints",
      )
    )[0]?.pages ?? 0,
  );
const runs = () => world.database.rows<{ id: string; outcome: string }>('select id, outcome from rollcall.runs');

const queues = [
  { name: 'in Postgres', settings: {} },
  ...(testRedisUrl ? [{ name: 'on Redis', settings: { REDIS_URL: testRedisUrl } }] : []),
];

test.each(queues)(
  'with the queue $name: whoever waits for a run that another process cancels hears who did it and when; a replay resumes it',
  async ({ settings }) => {
    const environment = { ...world.environment, ...settings };
    never();
    const waiting = start(['sync', 'hr-roster'], environment);
    await until(async () => (await pages()) >= 2);
    const [{ id } = { id: '' }] = await runs();
    const cancelled = await runHere(['cancel', id], environment);
    expect(cancelled).toMatchObject({
      code: 0,
      err: '',
      out: `hr-roster: cancelled after 2 pages, 180 items. To resume it there: rollcall replay ${id}\n`,
    });
    const { code, out, err } = await waiting.ended;
    expect({ code, out, err }).toMatchObject({ code: 1, out: expect.stringMatching(/hr-roster +cancelled/) });
    expect(err).toMatch(
      new RegExp(`hr-roster is cancelled.\\n  Cancelled by ${userInfo().username} on ${hostname()} at \\d{4}-[^ ]+Z`),
    );
    expect((await runHere(['status'], environment)).out).toContain(`rollcall replay ${id}`);
    expect((await runHere(['jobs', '--json'], environment)).out).toBe('');
    expect(await runHere(['cancel', id], environment)).toMatchObject({
      code: 1,
      err: expect.stringContaining('ended cancelled at'),
    });
    world.emulator.faults.clear();
    expect(await run(['replay', id], environment)).toMatchObject({ code: 0 });
    expect(await runs()).toEqual([{ id, outcome: 'complete' }]);
    expect(
      await world.database.rows(
        "select action, outcome, error_code, run_id, details from rollcall.operator_actions where action = 'cancel' order by id",
      ),
    ).toEqual([
      { action: 'cancel', outcome: 'done', error_code: null, run_id: id, details: { pages: 2, items: 180 } },
      { action: 'cancel', outcome: 'refused', error_code: 'not_cancellable', run_id: id, details: {} },
    ]);
  },
);

test('the run of a process that was killed is cancelled, and so is one of a process that does not move', async () => {
  never();
  const killed = start(['sync', 'hr-roster'], world.environment);
  await until(async () => (await pages()) >= 2);
  killed.child.kill('SIGKILL');
  await killed.ended;
  const [first] = await runs();
  expect(await runHere(['cancel', first!.id, '--json'], world.environment)).toMatchObject({
    code: 0,
    out: expect.stringContaining('"outcome":"cancelled"'),
  });

  world.emulator.faults.clear();
  never();
  const hung = start(['sync', 'hr-roster'], world.environment);
  await until(async () => (await runs()).length === 2 && (await pages()) >= 2);
  hung.child.kill('SIGSTOP');
  const second = (await runs()).find(({ outcome }) => outcome === 'running');
  expect(await runHere(['cancel', second!.id], world.environment)).toMatchObject({ code: 0 });
  hung.child.kill('SIGCONT');
  expect(await hung.ended).toMatchObject({ code: 1, out: expect.stringMatching(/hr-roster +cancelled/) });
  expect((await runs()).map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
});

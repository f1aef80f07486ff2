import { sampleTenant, type TenantData } from '../../src/emulator/index.js';
import { tasks } from '../../src/jobs/registry.js';
import { missedSchedules, schedulesOf } from '../../src/jobs/worker/schedule.js';
import { createProcessWorld, type ProcessWorld } from '../support/setup/process-world.js';
import { testRedisUrl } from '../support/servers/redis.js';
import { start } from '../support/rollcall.js';
import { expectedRoster, ROSTER_SQL } from '../support/roster-oracle.js';
import { until } from '../support/until.js';
import { usersOf } from '../support/setup/world.js';

const queues = [
  { name: 'in Postgres', settings: {} },
  ...(testRedisUrl ? [{ name: 'on Redis', settings: { REDIS_URL: testRedisUrl } }] : []),
];

let tenant: TenantData;
let world: ProcessWorld;
let database: ProcessWorld['database'];
let environment: ProcessWorld['environment'];
beforeEach(async () => {
  tenant = sampleTenant();
  world = await createProcessWorld(tenant);
  ({ database, environment } = world);
});
afterEach(() => world.close());

async function completeRuns(task: string): Promise<number> {
  return (await database.rows("select from rollcall.runs where task = $1 and outcome = 'complete'", [task])).length;
}

test.each(queues)(
  'two workers with the queue $name and a schedule of every second overlap nothing, and keep it right',
  async ({ settings }) => {
    const everySecond = {
      ...environment,
      ...settings,
      SCHEDULE_NIGHTLY: '* * * * * *',
      SCHEDULE_SSO_ACCESS: '* * * * * *',
    };
    const workers = [start(['worker'], everySecond), start(['worker'], everySecond)];
    await until(async () => (await completeRuns('sso-roster')) >= 2 && (await completeRuns('sso-access')) >= 2);
    const [first] = usersOf(tenant);
    tenant.users.softDelete(String(first!['id']));
    const before = await completeRuns('hr-roster');
    await until(async () => (await completeRuns('hr-roster')) >= before + 2);
    for (const { child } of workers) child.kill('SIGTERM');
    const ended = await Promise.all(workers.map((worker) => worker.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);

    expect(await database.rows(ROSTER_SQL)).toEqual(
      expectedRoster(usersOf(tenant), { includeGuests: false, domainNames: [] }),
    );
    const overlapping = await database.rows(`
    select a.task from rollcall.runs a join rollcall.runs b on a.tenant_id = b.tenant_id and a.task = b.task and a.id < b.id
      and tstzrange(a.started_at, a.ended_at) && tstzrange(b.started_at, b.ended_at)`);
    expect(overlapping).toEqual([]);
    expect(await database.rows("select from rollcall.runs where outcome not in ('complete', 'running')")).toEqual([]);
    expect(await database.rows("select from rollcall.changes where table_name = 'users'")).toHaveLength(1);
  },
);

test('sso-roster starts when what it needs has ended, in one and the same night', async () => {
  const worker = start(['worker'], { ...environment, SCHEDULE_NIGHTLY: '0 0 1 1 *', SCHEDULE_SSO_ACCESS: 'off' });
  // Nothing has ever run here, so the first occasion counts as missed: it is made up for at once.
  await until(async () => (await completeRuns('sso-roster')) === 1 && (await completeRuns('sso-access')) === 1);
  worker.child.kill('SIGTERM');
  await worker.ended;
  const [order] = await database.rows(`
    select min(started_at) filter (where task = 'sso-roster') is not null as ran,
           (select max(ended_at) from rollcall.runs where task in ('hr-roster', 'application-discovery'))
             <= (select ended_at from rollcall.runs where task = 'sso-roster') as after
    from rollcall.runs`);
  expect(order).toEqual({ ran: true, after: true });
  expect((await database.rows('select from rollcall.sso_roster')).length).toBeGreaterThan(100);
});

describe('A schedule is made up for', () => {
  const settings = { nightly: '0 2 * * *', 'sign-ins': 'off', timeZone: 'UTC' };
  const schedules = () => schedulesOf(tenant.tenantId, tasks, settings);
  const ranAt = (startedAt: string) =>
    Promise.all(
      tasks.map(({ name }) =>
        database.pool.query(
          "insert into rollcall_data.runs (id, tenant_id, task, outcome, started_at, ended_at) values (gen_random_uuid(), $1, $2, 'failed', $3, $3)",
          [tenant.tenantId, name, startedAt],
        ),
      ),
    );
  const missed = async (now: string) =>
    (await missedSchedules(database, { schedules: schedules(), tasks, now: new Date(now) })).map(
      ({ data }) => data.schedule,
    );

  test('once, where nothing has ever run', async () => {
    await expect(missed('2026-03-10T12:00:00Z')).resolves.toEqual(['nightly']);
  });

  test('once, however many nights were missed', async () => {
    await ranAt('2026-03-05T02:00:01Z');
    await expect(missed('2026-03-10T12:00:00Z')).resolves.toEqual(['nightly']);
  });

  test('not where last night has run, well or not', async () => {
    await ranAt('2026-03-10T02:00:01Z');
    await expect(missed('2026-03-10T12:00:00Z')).resolves.toEqual([]);
  });
});

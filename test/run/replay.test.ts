import { hrRoster } from '../../src/jobs/hr-roster/index.js';
import { retryFailed } from '../../src/jobs/worker/retry-failed.js';
import { fixedTenants } from '../../src/jobs/worker/served-tenants.js';
import { replay } from '../../src/jobs/worker/sync.js';
import { findRun, type Run } from '../../src/store/index.js';
import { silent } from '../support/servers/database.js';
import { testRedisUrl } from '../support/servers/redis.js';
import { createWorld, graphPaths, SETTINGS, tenantOf, type World } from '../support/setup/world.js';

/** Four pages, and one of changes. */
const PEOPLE = 3500;

const queues = [
  { name: 'in Postgres', redisUrl: undefined },
  ...(testRedisUrl ? [{ name: 'on Redis', redisUrl: testRedisUrl }] : []),
];

describe.each(queues)('With the queue $name', ({ redisUrl }) => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ tenant: tenantOf(PEOPLE), redisUrl });
  });
  afterEach(() => world.close());

  const sync = () => world.sync({ tasks: [hrRoster], includeGuests: true });
  const people = async () => (await world.database.rows('select from rollcall.hr_roster')).length;

  /** A run that has read two pages before Graph forbids it. */
  async function failedRun(): Promise<Run> {
    world.emulator.faults.add({ path: '/v1.0/users?', nth: 3, action: { kind: 'reply', status: 403, body: {} } });
    const [run] = await sync();
    expect(run).toMatchObject({ outcome: 'failed', errorCode: 'graph_forbidden', pages: 2 });
    world.emulator.clearRequests();
    return run!;
  }

  const again = (run: Run) =>
    replay(run, {
      ...world,
      tenants: fixedTenants([
        {
          tenantId: run.tenantId,
          graph: world.graph,
          filters: { includeGuests: true, includeAgents: false, domainNames: [] },
        },
      ]),
      settings: SETTINGS,
      log: silent,
      signal: new AbortController().signal,
      onProgress: () => {},
    });

  test('a failed run that is replayed goes on at the page where it failed', async () => {
    const run = await failedRun();
    expect(await again(run)).toMatchObject([{ id: run.id, outcome: 'complete', items: PEOPLE, errorCode: null }]);
    expect(graphPaths(world.emulator)).toHaveLength(4);
    expect(await people()).toBe(PEOPLE);
  });

  test('where the page token has expired meanwhile, the collection is read again from its start', async () => {
    const run = await failedRun();
    world.emulator.faults.add({ path: '/v1.0/users?', action: { kind: 'expire-tokens', tokens: 'page' } });
    expect(await again(run)).toMatchObject([{ outcome: 'complete', items: PEOPLE }]);
    expect(await people()).toBe(PEOPLE);
  });

  test('a run that a later one has replaced, or that is complete, is not replayed', async () => {
    const run = await failedRun();
    const [later] = await sync();
    await expect(again(run)).rejects.toMatchObject({
      code: 'not_replayable',
      message: expect.stringContaining('later'),
    });
    await expect(again(later!)).rejects.toMatchObject({ code: 'not_replayable' });
    expect(await findRun(world.database, run.id)).toMatchObject({ outcome: 'failed' });
  });

  test('failed jobs go on the queue again, each with its run opened; those that are pointless are cleared away', async () => {
    const replaced = await failedRun();
    const failed = await failedRun();
    const retried = await retryFailed(world);
    expect(retried.map(({ job, again: back }) => [job.data, back])).toEqual([
      [expect.objectContaining({ runId: failed.id }), true],
      [expect.objectContaining({ runId: replaced.id }), false],
    ]);
    expect(await world.queue.jobs(['waiting', 'failed'])).toMatchObject([
      { state: 'waiting', data: { runId: failed.id } },
    ]);
    // A sync finds the run open, and works the queue.
    expect(await sync()).toMatchObject([{ id: failed.id, outcome: 'complete', items: PEOPLE }]);
  });
});

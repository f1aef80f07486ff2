import { setTimeout as sleep } from 'node:timers/promises';
import { compare, takeSnapshot } from './snapshot.js';
import type { Crew } from './crew.js';
import { note } from './report.js';
import { createScene, type QueueName, type Scene } from './scene.js';
import { NOTHING_LEFT, settle } from './settle.js';
import { createUndisturbed, type Undisturbed } from './undisturbed.js';

const now = new Date();
let undisturbed: Undisturbed;
let scene: Scene;
let crew: Crew;
beforeAll(async () => {
  undisturbed = await createUndisturbed(now);
});
afterAll(() => undisturbed.close());
afterEach(() => scene.close());

/** A worker that waits for the third page of people, with two in staging, however fast or slow this machine is. */
async function workerInMidRun(queueName: QueueName) {
  scene = await createScene(queueName, now);
  scene.emulator.faults.add({ path: '/v1.0/users?', nth: 3, action: { kind: 'delay', ms: 600_000 } });
  // Nothing has ever run here: the occasion of this year counts as missed and is made up for.
  crew = scene.crew(1, '0 0 1 1 *');
  crew.complete();
  const [worker] = crew.alive();
  if (worker === undefined) throw new Error('there is no worker');
  while ((await pagesKept()) < 2) await sleep(20);
  return worker.running;
}

async function pagesKept(): Promise<number> {
  const rows = await scene.database.rows<{ pages: number | null }>(
    "select (state->'collections'->'/users'->>'pages')::int as pages from rollcall_staging.checkpoints",
  );
  return Math.max(0, ...rows.map(({ pages }) => pages ?? 0));
}

async function expectToGoOn(): Promise<void> {
  expect(await settle(scene, scene.crew(0, 'off'))).toEqual(NOTHING_LEFT);
  const expected = (await undisturbed.after(0)).snapshot;
  const { lost, surplus } = compare(expected, await takeSnapshot(scene.database.pool));
  expect({ lost, surplus }).toEqual({ lost: [], surplus: [] });
  const [run] = await scene.database.rows(
    "select attempt, pages::int as pages from rollcall_data.runs where task = 'hr-roster'",
  );
  expect(run).toEqual({ attempt: 2, pages: 4 });
}

describe.each<{ queueName: QueueName }>([{ queueName: 'Postgres' }, { queueName: 'Redis' }])(
  'A worker in mid-run, with the queue $queueName',
  ({ queueName }) => {
    test('ends within ten seconds of SIGTERM, and its checkpoint is kept', async () => {
      const { child, ended } = await workerInMidRun(queueName);
      const told = performance.now();
      child.kill('SIGTERM');
      const { code } = await ended;
      const ms = performance.now() - told;
      expect(code).toBe(0);
      expect(ms).toBeLessThan(10_000);
      expect(await pagesKept()).toBe(2);
      note(`${queueName}: a worker in mid-run ended ${Math.round(ms)} ms after SIGTERM, with its checkpoint kept`);
      await expectToGoOn();
    });

    test('ends at once at a second SIGTERM, whatever it waits for', async () => {
      const running = await workerInMidRun(queueName);
      const client = await scene.database.pool.connect();
      try {
        // What stopping waits for: to keep its checkpoint. It gives up only after seven seconds.
        await client.query('begin; lock table rollcall_staging.checkpoints in exclusive mode');
        running.child.kill('SIGTERM');
        await running.saysOnErr('worker stopping');
        const told = performance.now();
        running.child.kill('SIGTERM');
        const { code, err } = await running.ended;
        const ms = performance.now() - told;
        expect(code).toBe(130);
        expect(err).toContain('stopping at once');
        expect(ms).toBeLessThan(5000);
        note(`${queueName}: a worker that was stopping ended ${Math.round(ms)} ms after a second SIGTERM`);
      } finally {
        await client.query('rollback');
        client.release();
      }
      expect(await pagesKept()).toBe(2);
      await expectToGoOn();
    });
  },
);

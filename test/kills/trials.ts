import { differences, findingOf, NO_DIFFERENCES } from './finding.js';
import { createRandom } from './random.js';
import { report } from './report.js';
import type { Asking } from './rounds.js';
import { createScene, type QueueName, type Scene } from './scene.js';
import { NOTHING_LEFT, settle } from './settle.js';
import { runTrial } from './trial.js';
import { createUndisturbed, type Undisturbed } from './undisturbed.js';

const KILLS = 14;
const SCHEDULES = { sync: 'off', schedule: '* * * * * *' } as const;

/** The trials of one queue: with one worker and with three, with work that somebody asks for and with work that is due. */
export function describeTrials(queueName: QueueName): void {
  const now = new Date();
  let undisturbed: Undisturbed;
  let scene: Scene;
  beforeAll(async () => {
    undisturbed = await createUndisturbed(now);
  });
  afterAll(() => undisturbed.close());
  beforeEach(async () => {
    scene = await createScene(queueName, now);
  });
  afterEach(() => scene.close());

  test.each<{ workers: number; asking: Asking }>([
    { workers: 1, asking: 'sync' },
    { workers: 3, asking: 'sync' },
    { workers: 1, asking: 'schedule' },
    { workers: 3, asking: 'schedule' },
  ])('kills of $workers workers, asked by $asking, lose nothing and leave nothing', async ({ workers, asking }) => {
    const began = performance.now();
    const random = createRandom(process.env['KILLS_SEED'] ?? '', `${queueName} ${workers} ${asking}`);
    const crew = scene.crew(workers, SCHEDULES[asking]);
    const trial = await runTrial({ scene, crew, asking, kills: KILLS, random, undisturbed, now });
    const left = await settle(scene, crew);
    const tried = { queue: queueName, workers: String(workers), asking, undisturbed, trial, left, began };
    report(await findingOf({ ...scene, ...tried }));
    expect(differences(trial)).toEqual(NO_DIFFERENCES);
    expect(left).toEqual(NOTHING_LEFT);
  });
}

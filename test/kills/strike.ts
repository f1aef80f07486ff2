import { setTimeout as sleep } from 'node:timers/promises';
import type { Moment, Sight } from './moment.js';
import type { Random } from './random.js';
import type { Victim } from './victim.js';

/** A kill, and what it interrupted. */
export interface Strike extends Sight {
  readonly victim: Victim;
}

export interface StrikeOptions {
  readonly random: Random;
  /** Those that live, the youngest last. */
  readonly victims: readonly Victim[];
  readonly look: (victim: Victim) => Promise<Sight>;
  /** Whether there is still something to interrupt: nothing is waited for that will not come. */
  readonly isOver: () => Promise<boolean>;
}

type Aim = Moment | 'sso-roster' | 'any time';

/**
 * Some kills come at any time. The others wait for what those would hardly meet: merges and pages being staged, which are
 * short, and the task that waits for two others and is last in every round.
 */
const AIMS: readonly Aim[] = ['any time', 'any time', 'any time', 'merge', 'merge', 'stage', 'stage', 'sso-roster'];

/** About what a process needs to start and to do the work of a round. */
const LIFE_MS = 4500;
const AIM_MS = 6000;
/** From the last statement of a merge to beyond its commit. */
const MERGE_MS = 12;
const TASK_MS = 1000;

/** Kills one process at a random moment, now and then all of them at once. */
export async function strike(options: StrikeOptions): Promise<Strike[]> {
  const { random, victims, look } = options;
  const chosen = await choose(options);
  const struck = random.chance(0.15) ? victims : [chosen];
  const alive = struck.filter((victim) => victim.isAlive());
  // Frozen, they stay in the moment while it is looked at; what they have sent to Postgres goes on.
  for (const victim of alive) victim.freeze();
  const strikes = await Promise.all(alive.map(async (victim) => ({ victim, ...(await look(victim)) })));
  await Promise.all(alive.map((victim) => victim.kill()));
  return strikes;
}

async function choose(options: StrikeOptions): Promise<Victim> {
  const { random, victims } = options;
  const aim = random.of(AIMS);
  const anyone = random.of(victims);
  if (aim === 'any time') {
    await sleep(random.below(LIFE_MS));
    return anyone;
  }
  const caught = await waitFor(aim, options);
  if (caught !== undefined && aim === 'merge' && random.chance(0.5)) await sleep(random.below(MERGE_MS));
  if (caught !== undefined && aim === 'sso-roster') await sleep(random.below(TASK_MS));
  return caught ?? anyone;
}

/** @returns who is in this moment, or has a run of this task; undefined where nobody comes to it */
async function waitFor(aim: Aim, { victims, look, isOver }: StrikeOptions): Promise<Victim | undefined> {
  const deadline = performance.now() + AIM_MS;
  for (let looks = 1; performance.now() < deadline; looks += 1) {
    for (const victim of victims) {
      const { moment, tasks } = await look(victim);
      if (moment === aim || tasks.some((task) => task === aim)) return victim;
    }
    if (looks % 50 === 0 && (await isOver())) return undefined;
    await sleep(2);
  }
  return undefined;
}

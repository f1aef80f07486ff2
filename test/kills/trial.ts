import { setTimeout as sleep } from 'node:timers/promises';
import { tasks } from '../../src/jobs/registry.js';
import type { Crew } from './crew.js';
import { look } from './moment.js';
import type { Random } from './random.js';
import { beginRound, type Asking, type Round } from './rounds.js';
import type { Scene } from './scene.js';
import { compare, takeSnapshot } from './snapshot.js';
import { strike, type Strike } from './strike.js';
import { changeState } from './tenant-states.js';
import type { Undisturbed } from './undisturbed.js';

export interface TrialOptions {
  readonly scene: Scene;
  readonly crew: Crew;
  readonly asking: Asking;
  readonly kills: number;
  readonly random: Random;
  readonly undisturbed: Undisturbed;
  readonly now: Date;
}

export interface Trial {
  readonly strikes: readonly Strike[];
  /** When each round began. */
  readonly rounds: readonly string[];
  readonly compared: number;
  /** Of all rounds. */
  readonly lost: readonly string[];
  readonly surplus: readonly string[];
}

/** The first load, and changes of every kind. */
const LEAST_ROUNDS = 3;
const KILLS_A_ROUND = 5;

/** Kills processes again and again while rounds of work are done, and compares what each round leaves. */
export async function runTrial(options: TrialOptions): Promise<Trial> {
  const { scene, asking, kills, undisturbed, now } = options;
  const strikes: Strike[] = [];
  const rounds: string[] = [];
  const lost: string[] = [];
  const surplus: string[] = [];
  let compared = 0;
  while (strikes.length < kills || rounds.length < LEAST_ROUNDS) {
    const number = rounds.length;
    if (number > 0) changeState(scene.tenant, number, now);
    const round = await beginRound(scene.database, asking);
    rounds.push(round.since);
    const most = Math.min(kills, strikes.length + KILLS_A_ROUND);
    await playRound(round, options, async (onRound) => {
      if (strikes.length < most) strikes.push(...(await strike(onRound)));
      else await sleep(100);
    });
    const expected = (await undisturbed.after(number)).snapshot;
    const found = compare(expected, await takeSnapshot(scene.database.pool));
    compared += found.compared;
    lost.push(...found.lost.map((row) => `round ${number}: ${row}`));
    surplus.push(...found.surplus.map((row) => `round ${number}: ${row}`));
  }
  return { strikes, rounds, compared, lost, surplus };
}

type OnRound = Parameters<typeof strike>[0];

/** Keeps the crew complete, and work on the queue, until the round has landed. */
async function playRound(
  round: Round,
  { scene, crew, asking, random }: TrialOptions,
  disturb: (options: OnRound) => Promise<void>,
): Promise<void> {
  const { database, tenant } = scene;
  const names = tasks.map(({ name }) => name);
  do {
    crew.complete();
    // Who asked and was killed asks again only for what has not been asked for: the rest is the workers' to finish.
    if (asking === 'sync' && (await round.tasksAsked()) < names.length) crew.sync();
    await disturb({
      random,
      victims: crew.alive(),
      look: (victim) => look(database, victim.name, tenant.tenantId, names),
      isOver: () => round.isLanded(),
    });
  } while (!(await round.isLanded()));
}

import { createWorld } from '../support/setup/world.js';
import { takeSnapshot, type Snapshot } from './snapshot.js';
import { changeState, firstState } from './tenant-states.js';

export interface State {
  readonly snapshot: Snapshot;
  /** How many requests the run of each task took. */
  readonly requests: ReadonlyMap<string, number>;
}

/** A database that nobody disturbs: what it holds after each round is what every other must hold. */
export interface Undisturbed {
  /** Rounds count from 0, the first load. */
  after(round: number): Promise<State>;
  close(): Promise<void>;
}

export async function createUndisturbed(now: Date): Promise<Undisturbed> {
  const tenant = firstState(now);
  const world = await createWorld({ tenant });
  const states: Promise<State>[] = [];
  const nextRound = async (round: number): Promise<State> => {
    await states[round - 1];
    if (round > 0) changeState(tenant, round, now);
    const runs = await world.sync();
    const wrong = runs.filter(({ outcome, attempt }) => outcome !== 'complete' || attempt !== 1);
    if (wrong.length > 0) throw new Error(`undisturbed runs ended otherwise: ${JSON.stringify(wrong)}`);
    return {
      snapshot: await takeSnapshot(world.database.pool),
      requests: new Map(runs.map(({ task, requests }) => [task, requests])),
    };
  };
  return {
    async after(round) {
      for (let next = states.length; next <= round; next += 1) states.push(nextRound(next));
      const state = await states[round];
      if (state === undefined) throw new RangeError(`there is no round ${round}`);
      return state;
    },
    close: () => world.close(),
  };
}

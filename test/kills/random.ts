import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, but not including, this. */
  below(limit: number): number;
  of<T>(choices: readonly T[]): T;
  chance(share: number): boolean;
}

/** @param name so that what runs side by side does not draw from one row of numbers */
export function createRandom(seed: string, name: string): Random {
  let drawn = 0;
  const next = () => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${name} ${drawn}`).digest().readUInt32BE() / 2 ** 32;
  };
  return {
    below: (limit) => next() * limit,
    of(choices) {
      const chosen = choices[Math.floor(next() * choices.length)];
      if (chosen === undefined) throw new RangeError('nothing to choose from');
      return chosen;
    },
    chance: (share) => next() < share,
  };
}

import { z } from 'zod';

const count = z.number().int().nonnegative();

/**
 * Why a run is no more than `partial`: what it read is not proven to be the whole, so it may not remove (invariant 1 of
 * docs/architecture.md). Saved with the checkpoint. The next run of such a collection reads everything. A new kind needs a line here, its words in `wordsOf`, and a look at `stopsSweep`.
 */
export const doubtSchema = z.discriminatedUnion('kind', [
  /** Graph names objects, but neither shows them nor has them among the deleted ones: what it answered, and how often. */
  z.object({ kind: z.literal('unproven'), what: z.string(), answers: z.record(z.string(), count) }),
  /** A listing ended with fewer objects than Graph counts. */
  z.object({ kind: z.literal('short'), what: z.string(), listed: count, counted: count }),
  /** A listing lacks objects that are stored and that Graph does not say are gone. */
  z.object({ kind: z.literal('unlisted'), what: z.string(), unlisted: count }),
  /** Graph could not say how many there are, because it was in trouble. */
  z.object({ kind: z.literal('uncounted'), what: z.string() }),
  /** The changes ended without a link to where the next ones start. */
  z.object({ kind: z.literal('unended'), what: z.string() }),
]);
export type Doubt = z.output<typeof doubtSchema>;

/** Adds a doubt to those of a collection; counts are added up, so that the list stays short. */
export function addDoubt(doubts: Doubt[], doubt: Doubt): void {
  const known = doubts.find(({ kind }) => kind === doubt.kind);
  if (known === undefined) doubts.push(structuredClone(doubt));
  else if (known.kind === 'unproven' && doubt.kind === 'unproven') {
    for (const [answer, times] of Object.entries(doubt.answers)) {
      known.answers[answer] = (known.answers[answer] ?? 0) + times;
    }
  }
}

/** Whether anything that the read did not meet may still exist. */
export const stopsSweep = ({ kind }: Doubt): boolean => kind !== 'unproven';

const NEXT = 'The next run reads everything.';
const NOT_SWEPT = `Nothing was removed for being absent. ${NEXT}`;

/** The doubt in words. */
export function wordsOf(doubt: Doubt): string {
  const { what } = doubt;
  switch (doubt.kind) {
    case 'unproven': {
      const answers = Object.keys(doubt.answers).join(', ');
      const times = Object.values(doubt.answers).reduce((sum, each) => sum + each, 0);
      return `Graph names ${times} ${what} but neither shows them (${answers}) nor has them among the deleted ones. Their rows stay as they were. ${NEXT}`;
    }
    case 'short':
      return `Graph listed ${doubt.listed} of ${doubt.counted} ${what}. ${NOT_SWEPT}`;
    case 'unlisted':
      return `Graph's listing of its ${what} lacks ${doubt.unlisted} that Graph does not say are gone. ${NOT_SWEPT}`;
    case 'uncounted':
      return `Graph failed to count its ${what}: the listing is not proven complete. ${NOT_SWEPT}`;
    case 'unended':
      return `Graph ended the changes of its ${what} without a link to the next ones. ${NOT_SWEPT}`;
    default:
      return doubt satisfies never;
  }
}

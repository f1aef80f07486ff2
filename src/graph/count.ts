import { RollcallError } from '../errors.js';
import { readObjects, type ReadObjects, type Wanted } from './read-objects.js';

/** A count needs this header, and no `Accept: application/json`. @see https://learn.microsoft.com/graph/aad-advanced-queries */
export const EVENTUAL = { ConsistencyLevel: 'eventual' } as const;

/** What Graph counts; `refused`: it does not count here (a B2C tenant, a gateway); `failed`: it was in trouble. */
export type Counted = number | 'refused' | 'failed';

const DIGITS = /^\s*\d+\s*$/;

/** Whether a body is a count: plain text, which is read as JSON; from a batch it may come as text. */
export const isCount = (body: unknown): boolean =>
  typeof body === 'string' ? DIGITS.test(body) : Number.isSafeInteger(body) && Number(body) >= 0;

/** Counts some collections, each by itself: whether one can be counted says nothing of the others, or of the rest of a read. */
export async function readCounts(
  asks: readonly Wanted[],
  { read, ...options }: ReadObjects<unknown>,
): Promise<Map<string, Counted>> {
  const told = await readObjects<Counted>(asks, {
    ...options,
    read: async (ask) => {
      try {
        return Number(await read(ask));
      } catch (error) {
        if (isTrouble(error)) return 'failed';
        throw error;
      }
    },
  });
  return new Map([...told].map(([id, answer]) => [id, answer.kind === 'told' ? answer.value : 'refused']));
}

const isTrouble = (error: unknown): boolean =>
  error instanceof RollcallError && error.code === 'graph_unreachable' && error.facts.status !== 501;

import { EVENTUAL, isCount, readCounts, type Counted } from './count.js';
import { hasId, readObjects, readTwice, type Told, type Wanted } from './read-objects.js';

/** Reads single things by their paths, rather than collections. */
export interface Singles {
  /**
   * Many objects by their ids, in batches. An answer with another id than the one asked for is not believed. One that is
   * absent is asked for again after a pause, unless `once`.
   */
  objects(asks: readonly Wanted[], options?: { readonly once?: boolean }): Promise<ReadonlyMap<string, Told<unknown>>>;
  /** How many objects collections have, in batches. @param asks the paths that end in `$count`, each with an id of its own */
  counts(asks: readonly Wanted[]): Promise<ReadonlyMap<string, Counted>>;
}

export interface SinglesOptions {
  /** Begins to gather requests into batches. @returns what asks for one of them */
  readonly gather: () => (path: string, options: AskOptions) => Promise<unknown>;
  readonly atOnce: number;
  /** Before what is absent is asked for again. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
}

interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly isExpected: (body: unknown) => boolean;
}

export function createSingles({ gather, atOnce, pauseMs, signal }: SinglesOptions): Singles {
  return {
    objects(asks, { once = false } = {}) {
      const ask = gather();
      const read = ({ id, path }: Wanted) => ask(path, { isExpected: (body) => hasId(body, id) });
      return once ? readObjects(asks, { read, atOnce }) : readTwice(asks, { read, atOnce, signal, pauseMs });
    },
    counts(asks) {
      const ask = gather();
      return readCounts(asks, { atOnce, read: ({ path }) => ask(path, { headers: EVENTUAL, isExpected: isCount }) });
    },
  };
}

import { setImmediate as others } from 'node:timers/promises';
import { RollcallError } from '../errors.js';
import type { Page } from './pages.js';

/** A collection among many. */
export interface Start {
  readonly key: string;
  /** Below the version, with its query. */
  readonly path: string;
  /** The link of the page where an interrupted read goes on. */
  readonly from?: string | undefined;
}

export interface Answer {
  /** Of the collection that it belongs to. */
  readonly key: string;
  /** Undefined where Graph does not find the collection, or not any more. */
  readonly page: Page | undefined;
}

export interface ReadMany {
  /** The pages of one collection. */
  readonly open: (link: string) => AsyncGenerator<Page, void, void>;
  /** How many collections are read at a time; of each, one page at most is held. */
  readonly atOnce: number;
  /** Aborted when nobody reads on: whatever is under way ends. */
  readonly stop: AbortController;
}

/** Handed out together, unless a single page has more: what waits to be written stays small. */
const MOST_ITEMS = 4000;

interface Reading {
  readonly key: string;
  readonly pages: AsyncGenerator<Page, void, void>;
}
interface Arrival {
  readonly reading: Reading;
  readonly answer: Answer;
}

/**
 * Many collections, several at a time: whatever has come since it was asked last, in any order between collections and
 * in order within each. A collection's next page is asked for when its last one was taken.
 */
export async function* readMany(
  starts: Iterable<Start>,
  { open, atOnce, stop }: ReadMany,
): AsyncGenerator<readonly Answer[], void, void> {
  const left = starts[Symbol.iterator]();
  const underWay = new Set<Promise<void>>();
  const arrived: Arrival[] = [];
  let failure: { readonly reason: unknown } | undefined;
  let wake = () => {};

  const ask = (reading: Reading) => {
    const asked = nextOf(reading)
      .then((answer) => void arrived.push({ reading, answer }))
      .catch((reason: unknown) => {
        failure ??= { reason };
        stop.abort();
      })
      .finally(() => {
        underWay.delete(asked);
        wake();
      });
    underWay.add(asked);
  };
  const fill = () => {
    while (underWay.size + arrived.length < atOnce && !stop.signal.aborted) {
      const { value, done } = left.next();
      if (done === true) return;
      ask({ key: value.key, pages: restartable(value, open) });
    }
  };

  try {
    for (;;) {
      fill();
      if (arrived.length === 0 && underWay.size > 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        // The answers of a batch come together: none of them is to go alone.
        await others();
      }
      const taken = take(arrived);
      if (taken.length > 0) {
        for (const { reading, answer } of taken) {
          if (answer.page?.next !== undefined) ask(reading);
        }
        fill();
        yield taken.map(({ answer }) => answer);
      } else if (failure !== undefined) throw failure.reason;
      else if (underWay.size === 0) return;
    }
  } finally {
    stop.abort();
    await Promise.all(underWay);
  }
}

function take(arrived: Arrival[]): Arrival[] {
  let items = 0;
  const beyond = arrived.findIndex(({ answer }) => (items += answer.page?.items.length ?? 0) > MOST_ITEMS);
  return arrived.splice(0, beyond === -1 ? arrived.length : Math.max(1, beyond));
}

async function nextOf({ key, pages }: Reading): Promise<Answer> {
  try {
    const { value } = await pages.next();
    return { key, page: value ?? { items: [] } };
  } catch (error) {
    if (error instanceof RollcallError && error.code === 'graph_not_found') return { key, page: undefined };
    throw error;
  }
}

/** Where a page token has expired, this collection begins again by itself, once; the others go on. */
async function* restartable({ path, from }: Start, open: ReadMany['open']): AsyncGenerator<Page, void, void> {
  try {
    yield* open(from ?? path);
  } catch (error) {
    if (!(error instanceof RollcallError && error.code === 'graph_page_expired')) throw error;
    yield* open(path);
  }
}

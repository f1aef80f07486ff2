import { setImmediate as others } from 'node:timers/promises';
import { RollcallError } from '../errors.js';
import type { Page } from './pages.js';

/** A collection among many. */
export interface Start {
  readonly key: string;
  /** Below the version, with its query. */
  readonly path: string;
  /** The link of the page where an interrupted read resumes. */
  readonly from?: string | undefined;
}

export interface Answer {
  /** Of the collection that it belongs to. */
  readonly key: string;
  /** Undefined if Graph refuses this collection and the read continues without it. */
  readonly page: Page | undefined;
  /** Why there is no page. */
  readonly refusal?: RollcallError;
}

/**
 * Whether the read continues without a collection that Graph refuses: it is not found (404, 410), or forbidden (403). What it
 * does not pass over ends the read.
 */
export type PassesOver = (refusal: RollcallError) => boolean | Promise<boolean>;

export interface ReadMany {
  /** The pages of one collection. */
  readonly open: (link: string) => AsyncGenerator<Page, void, void>;
  /** How many pages are requested or held at a time; fewer if pages are large. */
  readonly atOnce: number;
  /** Aborted when the reader stops: open requests end. */
  readonly stop: AbortController;
  /** What is not found, unless given. */
  readonly passesOver?: PassesOver | undefined;
}

/** Handed out together, unless a single page has more: what waits to be written stays small. */
const MOST_ITEMS = 4000;
/** Under way or held, as far as the pages before let expect: memory must not grow with the size of the collections. */
const MOST_EXPECTED = 10_000;
/** But so many pages at least. */
const FEWEST = 10;
/** Nothing is known of the first page: it may be full. */
const FIRST_EXPECTED = 500;
/** So many pages make up what is usual. */
const USUAL_OF = 20;

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
 * in order within each. Collections that have begun go before those that have not.
 */
export async function* readMany(
  starts: Iterable<Start>,
  { open, atOnce, stop, passesOver = isNotFound }: ReadMany,
): AsyncGenerator<readonly Answer[], void, void> {
  const left = starts[Symbol.iterator]();
  const begun: Reading[] = [];
  const underWay = new Set<Promise<void>>();
  const arrived: Arrival[] = [];
  let usualItems = FIRST_EXPECTED;
  let failure: { readonly reason: unknown } | undefined;
  let wake = () => {};

  const ask = (reading: Reading) => {
    const asked = nextOf(reading, passesOver)
      .then((answer) => {
        arrived.push({ reading, answer });
        usualItems += ((answer.page?.items.length ?? 0) - usualItems) / USUAL_OF;
      })
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
  const begin = (): Reading | undefined => {
    const { value, done } = left.next();
    return done === true ? undefined : { key: value.key, pages: restartable(value, open) };
  };
  const fill = () => {
    const most = Math.min(atOnce, Math.max(FEWEST, MOST_EXPECTED / usualItems));
    while (underWay.size + arrived.length < most && !stop.signal.aborted) {
      const reading = begun.shift() ?? begin();
      if (reading === undefined) return;
      ask(reading);
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
        begun.push(...taken.filter(({ answer }) => answer.page?.next !== undefined).map(({ reading }) => reading));
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

const isNotFound = ({ code }: RollcallError): boolean => code !== 'graph_forbidden';

/** A refusal that is about one collection, and may say nothing of the others. The words of a lost cursor count as 404: there is none. */
function isRefusal(error: unknown): error is RollcallError {
  if (!(error instanceof RollcallError)) return false;
  const { code, facts } = error;
  const isGone = code === 'graph_cursor_lost' && (facts['status'] === 404 || facts['status'] === 410);
  return code === 'graph_not_found' || code === 'graph_forbidden' || isGone;
}

async function nextOf({ key, pages }: Reading, passesOver: PassesOver): Promise<Answer> {
  try {
    const { value } = await pages.next();
    return { key, page: value ?? { items: [] } };
  } catch (error) {
    if (isRefusal(error) && (await passesOver(error))) return { key, page: undefined, refusal: error };
    throw error;
  }
}

/** If a page token has expired, this collection begins again, once; the others continue. */
async function* restartable({ path, from }: Start, open: ReadMany['open']): AsyncGenerator<Page, void, void> {
  try {
    yield* open(from ?? path);
  } catch (error) {
    if (!(error instanceof RollcallError && error.code === 'graph_page_expired')) throw error;
    yield* open(path);
  }
}

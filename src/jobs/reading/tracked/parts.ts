import { z } from 'zod';
import type { Cells } from '../../../store/index.js';
import type { Chunk, ReadOptions } from '../../task.js';
import { graphId } from '../graph-types.js';
import { askFor } from './ask-for.js';
import type { TrackedCollection } from './tracked-collection.js';

/** Graph takes no more requests in one batch, and one that is not full costs the same. */
const FULL_BATCH = 20;

interface Page {
  readonly isLast: boolean;
  /** Of changes, not of a listing. */
  readonly isChange: boolean;
}

/** Makes whole what Graph tells in part. */
export interface Parts {
  /**
   * The items of a page that are whole, and the objects that were asked for. Fewer objects than fill a batch wait for later
   * pages, unless this is the last: what is missing costs a request for every twenty objects, however they are spread.
   */
  complete(items: readonly unknown[], page: Page): Promise<Chunk>;
  /** The ids of those that wait. */
  waiting(): readonly string[];
}

const named = z.looseObject({ id: graphId });

interface Part {
  readonly item: z.output<typeof named>;
  readonly row: Cells;
}

/**
 * Graph leaves out of a change the properties that were never set, but it may leave out others as well. So what is missing is
 * not what is null: the object is asked for, unless the stored row shows that nothing would be erased, or what a filter leaves it
 * out by is told. A change that tells all but the type is held against the stored row as well: an agent that loses its type is not a person.
 * An item of a listing tells every property, null or not: if it lacks one, it is not whole.
 * @see https://learn.microsoft.com/graph/api/user-delta#response
 */
export function createParts(options: ReadOptions, collection: TrackedCollection, kept: readonly string[]): Parts {
  const waiting = new Set(kept);
  /** Those of them that Graph says are gone: which of the two is newer is not known. */
  const saidGone = new Set<string>();
  /** What was handed over last: it may not be in staging yet, where the comparison finds the rest of what this run has met. */
  let latest: ReadonlySet<string> = new Set();

  async function sort(items: readonly unknown[], isChange: boolean): Promise<unknown[]> {
    const whole: unknown[] = [];
    const partly = new Map<string, Part>();
    const met = new Set<string>();
    for (const item of items) {
      const staged = options.prepare(item);
      const parsed = named.safeParse(item);
      // What no schema accepts is kept aside with its reason, and what has no id cannot be asked for.
      if (staged.kind === 'quarantined' || !parsed.success) {
        whole.push(item);
        continue;
      }
      const { id } = parsed.data;
      const lacksProperties = lacks(parsed.data, collection.properties);
      const lacksType = isChange && lacks(parsed.data, collection.unasked);
      // What is stored of an object that this run has met is old; its type is not, because it never changes.
      const isOld = lacksProperties && (options.delta === undefined || met.has(id) || latest.has(id));
      const isDecided =
        staged.kind === 'filtered' && staged.restsOn !== undefined && !lacks(parsed.data, staged.restsOn);
      if (staged.kind === 'removed' && (waiting.has(id) || partly.has(id))) {
        waiting.add(id);
        saidGone.add(id);
      } else if (staged.kind === 'removed' || isDecided || !(lacksProperties || lacksType)) {
        // It is told as it is now, whatever was told in part before.
        if (!saidGone.has(id)) waiting.delete(id);
        partly.delete(id);
        whole.push(item);
      } else if (staged.kind !== 'row' || isOld) waiting.add(id);
      else partly.set(id, { item: parsed.data, row: staged.row });
      met.add(id);
    }
    latest = met;
    const differing = await options.differing([...partly.values()].map(({ row }) => row));
    for (const [id, { item }] of partly) {
      if (!waiting.has(id) && erasesNothing(item, differing.get(id), collection)) whole.push(item);
      else waiting.add(id);
    }
    return whole;
  }

  return {
    async complete(items, { isLast, isChange }) {
      const whole = await sort(items, isChange);
      const due = [...waiting].slice(0, isLast ? waiting.size : waiting.size - (waiting.size % FULL_BATCH));
      for (const id of due) waiting.delete(id);
      const { items: asked, ...rest } = await askFor(options.graph, due, collection, (id) => saidGone.has(id));
      latest = new Set([...latest, ...due]);
      return { ...rest, items: [...whole, ...asked] };
    },
    waiting: () => [...waiting],
  };
}

const lacks = (item: object, properties: readonly string[]): boolean => properties.some((name) => !(name in item));

/**
 * Whether an item can stand for the whole object: its row changes something, and nothing that a missing property has a part in.
 * If its row changes nothing although properties are missing, the change that Graph tells of is in what it leaves out.
 * @param differing the properties in which its row differs from the stored one; undefined: there is none to compare with
 */
function erasesNothing(
  item: object,
  differing: ReadonlySet<string> | undefined,
  { sources, properties }: TrackedCollection,
): boolean {
  if (differing === undefined) return false;
  if (differing.size === 0) return !lacks(item, properties);
  return [...differing].every((column) => !lacks(item, sources[column] ?? []));
}

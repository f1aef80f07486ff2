import { RollcallError } from '../errors.js';
import type { GraphReader } from '../graph/index.js';
import { resetStaging, stagedText, stagePage, type Database, type Owner, type Staged } from '../store/index.js';
import { beginning, progressOf, type CollectionProgress, type Progress } from './progress.js';
import type { Collection, Filters } from './task.js';

export interface ReadCollection {
  readonly database: Database;
  readonly graph: GraphReader;
  readonly owner: Owner;
  readonly collection: Collection;
  readonly filters: Filters;
  readonly progress: Progress;
}

/** A listing that goes on losing its page tokens will not end better the sixth time. */
const MOST_RESTARTS = 5;

/**
 * Reads a collection to its end into staging, from where its checkpoint says. Each portion is committed together with
 * the checkpoint behind it; while one is being written the next is already on its way.
 */
export async function readCollection(options: ReadCollection): Promise<void> {
  const { database, owner, collection, progress } = options;
  for (;;) {
    const state = progressOf(progress, collection.resource);
    if (state.done) return;
    try {
      await readOn(options, state);
      return;
    } catch (error) {
      const expired = error instanceof RollcallError && error.code === 'graph_page_expired';
      if (!expired || state.restarts >= MOST_RESTARTS) throw error;
      progress.collections[collection.resource] = { ...beginning(), restarts: state.restarts + 1 };
      await resetStaging(database, owner, { tables: [collection.table], checkpoint: progress });
    }
  }
}

async function readOn(
  { database, graph, owner, collection, filters, progress }: ReadCollection,
  state: CollectionProgress,
) {
  const prepare = (items: readonly unknown[]): string => {
    const staged = items.map((item) => collection.prepare(item, filters));
    const text = stagedText(collection.table, staged, state.items);
    count(state, staged);
    return text;
  };
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const { items, next } of collection.read(graph, state.next)) {
      const text = prepare(items);
      await writing;
      state.done = next === undefined;
      if (next === undefined) delete state.next;
      else state.next = next;
      const checkpoint = structuredClone(progress);
      writing = stagePage(database, owner, { table: collection.table, text, checkpoint });
      // Heard below, in order; until then it must not count as unhandled.
      writing.catch(() => {});
    }
  } finally {
    await writing;
  }
}

function count(state: CollectionProgress, staged: readonly Staged[]): void {
  state.pages += 1;
  state.items += staged.length;
  for (const each of staged) {
    if (each.kind === 'filtered') state.filteredBy[each.filter] = (state.filteredBy[each.filter] ?? 0) + 1;
    if (each.kind === 'quarantined') state.quarantined += 1;
    if (each.kind === 'quarantined' && each.key === null) state.unidentified += 1;
  }
}

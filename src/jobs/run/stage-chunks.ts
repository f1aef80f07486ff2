import { stagePage, stagedText, type Staged } from '../../store/index.js';
import type { Collection, Chunk } from '../task.js';
import { addDoubt } from '../doubts.js';
import type { ReadCollection } from './collection-options.js';
import type { CollectionProgress } from './progress.js';

export interface StageChunks extends Pick<ReadCollection, 'database' | 'owner' | 'filters' | 'progress'> {
  readonly collection: Pick<Collection, 'table' | 'prepare'> & Partial<Pick<Collection, 'parents' | 'toKey'>>;
}

/** While one chunk is being written the next is already being read. */
export async function stageChunks(
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  options: StageChunks,
  state: CollectionProgress,
): Promise<void> {
  const { database, owner, collection, progress } = options;
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const chunk of chunks) {
      const text = toStagedText(chunk, options, state);
      await writing;
      const checkpoint = structuredClone(progress);
      writing = stagePage(database, owner, { table: collection.table, text, checkpoint });
      // Awaited below; until then a failure must not count as unhandled.
      writing.catch(() => {});
    }
  } finally {
    await writing;
  }
}

/** Turns a chunk into text and counts it, so that its items can be freed. */
function toStagedText(
  { items, pages = 1, skipped = [], unproven = [], doubts = [], counted, linked, next, cursor }: Chunk,
  { collection, filters }: StageChunks,
  state: CollectionProgress,
): string {
  const staged = items.map((item) => collection.prepare(item, filters));
  if (collection.parents !== undefined) {
    const { property } = collection.parents;
    for (const { parent, reason } of skipped) staged.push({ kind: 'skipped', parent: { [property]: parent }, reason });
  }
  for (const id of unproven) {
    const key = collection.toKey?.({ id }) ?? null;
    if (key !== null) staged.push({ kind: 'unproven', key });
  }
  const text = stagedText(collection.table, staged, state.items);
  state.pages += pages;
  count(state, staged);
  for (const doubt of doubts) addDoubt(state.doubts, doubt);
  if (counted !== undefined) state.counted = counted;
  if (linked !== undefined) state.linked = Math.min(linked, state.linked ?? linked);
  state.done = next === undefined;
  if (cursor !== undefined) state.cursor = cursor;
  if (next === undefined) delete state.next;
  else state.next = next;
  return text;
}

function count(state: CollectionProgress, staged: readonly Staged[]): void {
  for (const each of staged) {
    if (each.kind === 'skipped') state.skipped += 1;
    else state.items += 1;
    if (each.kind === 'filtered') state.filteredBy[each.filter] = (state.filteredBy[each.filter] ?? 0) + 1;
    if (each.kind === 'quarantined') state.quarantined += 1;
    if (each.kind === 'quarantined' && each.key === null) state.unidentified += 1;
  }
}

import { isLost, type GraphReader } from '../../../graph/index.js';
import type { Chunk, ReadOptions } from '../../task.js';
import { countOf } from '../count-of.js';
import { createParts, type Parts } from './parts.js';
import { position, type Position } from './position.js';
import type { TrackedCollection } from './tracked-collection.js';

/**
 * Reads a collection whose changes Graph tells. From a delta link: what has changed since. Without one: the whole listing
 * (999 a page instead of the 200 of a first delta round), how many Graph counts, and then what has changed while it was read,
 * so that the rows are those of one moment. The last chunk carries the link that the next read starts from.
 * @see https://learn.microsoft.com/graph/delta-query-overview
 */
export async function* readTracked(options: ReadOptions, collection: TrackedCollection): AsyncGenerator<Chunk> {
  const { graph, from, delta } = options;
  const at = from === undefined ? await beginning(graph, delta, collection) : position.parse(JSON.parse(from));
  const parts = createParts(options, collection, at.parts);
  if (at.phase === 'list') yield* list(graph, at, collection, parts);
  const link = at.phase === 'list' ? at.cursor : at.link;
  if (link === undefined) return;
  try {
    yield* changes(graph, link, collection, parts);
  } catch (error) {
    // After a whole listing the changes are a refinement; without a cursor the next run lists again.
    if (delta !== undefined || !isLost(error)) throw error;
    yield parts.complete([], { isLast: true, isChange: true });
  }
}

async function beginning(
  graph: GraphReader,
  delta: string | undefined,
  collection: TrackedCollection,
): Promise<Position> {
  if (delta !== undefined) return { phase: 'delta', link: delta, parts: [] };
  const cursor = await latest(graph, collection);
  return { phase: 'list', link: collection.list, ...(cursor === undefined ? {} : { cursor }), parts: [] };
}

/** A cursor that stands at this moment; undefined if Graph has none to give. */
async function latest(graph: GraphReader, { delta }: TrackedCollection): Promise<string | undefined> {
  try {
    for await (const { next, deltaLink } of graph.pages(`${delta}&$deltatoken=latest`)) {
      // An answer with further pages is a first round, not the end of one: the listing is four times as fast.
      return next === undefined ? deltaLink : undefined;
    }
  } catch (error) {
    if (!isLost(error)) throw error;
  }
  return undefined;
}

async function* list(
  graph: GraphReader,
  { link, cursor }: Position,
  { count }: TrackedCollection,
  parts: Parts,
): AsyncGenerator<Chunk> {
  for await (const { items, next } of graph.pages(link)) {
    const isLast = next === undefined && cursor === undefined;
    const chunk = await parts.complete(items, { isLast, isChange: false });
    // Counted before the changes are read: who joins after the count is no gap in the listing.
    const counted = next === undefined ? { counted: await countOf(graph, count) } : {};
    const at =
      next === undefined ? { phase: 'delta' as const, link: cursor } : { phase: 'list' as const, link: next, cursor };
    yield { ...chunk, ...counted, ...(isLast ? {} : { next: JSON.stringify({ ...at, parts: parts.waiting() }) }) };
  }
}

async function* changes(
  graph: GraphReader,
  link: string,
  { what }: TrackedCollection,
  parts: Parts,
): AsyncGenerator<Chunk> {
  for await (const { items, next, deltaLink } of graph.pages(link)) {
    const chunk = await parts.complete(items, { isLast: next === undefined, isChange: true });
    if (next !== undefined) {
      yield { ...chunk, next: JSON.stringify({ phase: 'delta', link: next, parts: parts.waiting() }) };
    } else if (deltaLink !== undefined) yield { ...chunk, cursor: deltaLink };
    else yield { ...chunk, doubts: [...(chunk.doubts ?? []), { kind: 'unended', what }] };
  }
}

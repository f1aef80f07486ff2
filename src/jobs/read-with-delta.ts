import { z } from 'zod';
import { RollcallError } from '../errors.js';
import type { GraphReader } from '../graph/index.js';
import type { Portion, ReadOptions } from './task.js';

/** Where a collection is listed, where its changes are told, and where one object of it is. Paths below the version. */
export interface TrackedCollection {
  readonly list: string;
  readonly delta: string;
  readonly object: (id: string) => string;
  /** Properties that every object has: a change that lacks one tells only a part of the object. */
  readonly always: readonly string[];
}

const position = z.object({
  phase: z.enum(['list', 'delta']),
  link: z.string(),
  /** Taken before the listing: what changes while it is read is told from there. */
  cursor: z.string().optional(),
});
type Position = z.output<typeof position>;

/**
 * Reads a collection whose changes Graph tells. From a delta link: what has changed since. Without one: the whole listing
 * (999 a page instead of the 200 of a first delta round), and then what has changed while it was read, so that the rows are
 * those of one moment. The last portion carries the link that the next read starts from.
 * @see https://learn.microsoft.com/graph/delta-query-overview
 */
export async function* readWithDelta(
  { graph, from, delta }: ReadOptions,
  collection: TrackedCollection,
): AsyncGenerator<Portion> {
  const at = from === undefined ? await beginning(graph, delta, collection) : position.parse(JSON.parse(from));
  if (at.phase === 'list') yield* list(graph, at);
  const link = at.phase === 'list' ? at.cursor : at.link;
  if (link === undefined) return;
  try {
    yield* changes(graph, link, collection);
  } catch (error) {
    // After a whole listing the changes are a refinement; without a cursor the next run lists again.
    if (delta !== undefined || !isLost(error)) throw error;
    yield { items: [] };
  }
}

/** Whether Graph cannot tell what has changed: it has forgotten the cursor, or knows no delta here. */
export const isLost = (error: unknown): boolean =>
  error instanceof RollcallError && ['graph_cursor_lost', 'graph_not_found', 'graph_bad_request'].includes(error.code);

async function beginning(
  graph: GraphReader,
  delta: string | undefined,
  collection: TrackedCollection,
): Promise<Position> {
  if (delta !== undefined) return { phase: 'delta', link: delta };
  const cursor = await latest(graph, collection);
  return { phase: 'list', link: collection.list, ...(cursor === undefined ? {} : { cursor }) };
}

/** A cursor that stands at this moment; undefined where Graph has none to give. */
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

async function* list(graph: GraphReader, { link, cursor }: Position): AsyncGenerator<Portion> {
  for await (const { items, next } of graph.pages(link)) {
    if (next !== undefined) yield { items, next: toText({ phase: 'list', link: next, cursor }) };
    else if (cursor !== undefined) yield { items, next: toText({ phase: 'delta', link: cursor }) };
    else yield { items };
  }
}

async function* changes(graph: GraphReader, link: string, collection: TrackedCollection): AsyncGenerator<Portion> {
  for await (const { items, next, deltaLink } of graph.pages(link)) {
    const whole: unknown[] = [];
    for (const item of items) whole.push(await complete(graph, item, collection));
    if (next !== undefined) yield { items: whole, next: toText({ phase: 'delta', link: next }) };
    else yield { items: whole, ...(deltaLink === undefined ? {} : { cursor: deltaLink }) };
  }
}

const toText = (at: Position) => JSON.stringify(at);

const change = z.looseObject({ id: z.string() });

/**
 * Graph tells all selected properties of a changed object, and leaves out those that were never set. Where it tells less, what
 * is left out is not what is null: then the object itself is asked.
 */
async function complete(graph: GraphReader, item: unknown, { always, object }: TrackedCollection): Promise<unknown> {
  const parsed = change.safeParse(item);
  if (!parsed.success || '@removed' in parsed.data || always.every((name) => name in parsed.data)) return item;
  try {
    return await graph.get(object(parsed.data.id));
  } catch (error) {
    if (!(error instanceof RollcallError && error.code === 'graph_not_found')) throw error;
    return { id: parsed.data.id, '@removed': { reason: 'deleted' } };
  }
}

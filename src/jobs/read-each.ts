import { z } from 'zod';
import type { RollcallError } from '../errors.js';
import type { Portion, ReadOptions, Skipped } from './task.js';

/** A child as it is prepared: Graph does not say in a child whose it is. */
export interface Child {
  readonly parent: string;
  readonly item: unknown;
}

/** Parents are begun in their order and end in any: all before `parent` are read, but those that are open. */
const positionSchema = z.object({
  /** The first that is not begun; absent where all are. */
  parent: z.string().optional(),
  /** Those that are begun, each with the link it goes on at; null: at its start. */
  open: z.record(z.string(), z.string().nullable()).default({}),
});

/**
 * Reads the children of many parents, several at a time; each portion is what has come of any of them. A parent that Graph
 * does not find (404, 410) or forbids (403) is skipped and named, so that what is known of it stays.
 * @param path of the children of a parent
 * @see https://learn.microsoft.com/graph/errors
 */
export async function* readEach(
  { graph, from, parents, passesOver }: Pick<ReadOptions, 'graph' | 'from' | 'parents' | 'passesOver'>,
  path: (parent: string) => string,
): AsyncGenerator<Portion> {
  const { parent: mark, open: kept } = from === undefined ? { open: {} } : positionSchema.parse(JSON.parse(from));
  const links = new Map(Object.entries(kept));
  const isLeft = (parent: string) => links.has(parent) || (mark !== undefined && parent >= mark);
  const left = from === undefined ? parents : parents.filter(isLeft);
  if (left.length === 0) yield { items: [] };

  const open = new Map<string, string | null>();
  let begun = 0;
  function* starts() {
    for (const key of left) {
      const link = links.get(key) ?? null;
      open.set(key, link);
      begun += 1;
      yield { key, path: path(key), from: link ?? undefined };
    }
  }
  for await (const answers of graph.pagesOf(starts(), passesOver)) {
    for (const { key, page } of answers) {
      if (page?.next === undefined) open.delete(key);
      else open.set(key, page.next);
    }
    const position = { parent: left[begun], open: Object.fromEntries(open) };
    yield {
      items: answers.flatMap(({ key, page }) => (page?.items ?? []).map((item): Child => ({ parent: key, item }))),
      pages: answers.length,
      skipped: answers
        .filter(({ page }) => page === undefined)
        .map(({ key, refusal }) => ({ parent: key, reason: reasonOf(refusal) })),
      ...(open.size === 0 && begun === left.length ? {} : { next: JSON.stringify(position) }),
    };
  }
}

const reasonOf = (refusal: RollcallError | undefined): Skipped['reason'] =>
  refusal?.code === 'graph_forbidden' ? 'forbidden' : 'not_found';

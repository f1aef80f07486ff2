import { z } from 'zod';
import type { RollcallError } from '../../errors.js';
import { withQuery, type Page } from '../../graph/index.js';
import type { Chunk, ReadOptions, Skipped } from '../task.js';

/** A child as it is prepared: Graph does not say in a child whose it is. */
export interface Child {
  readonly parent: string;
  readonly item: unknown;
}

/** Where the children of a parent are. Paths below the version. */
export interface ChildrenAt {
  /** Their first page, of at most `top`. */
  readonly path: (parent: string) => string;
  readonly top: number;
}

/** The most that Graph gives. @see https://learn.microsoft.com/graph/api/group-list-members */
const TOP = 999;

/** Children that are listed below their parent. */
export const childrenAt = (below: (parent: string) => string, $select: string): ChildrenAt => ({
  path: (parent) => withQuery(below(parent), { $select, $top: TOP }),
  top: TOP,
});

/** How far the children of a parent are read. */
const readSoFar = z.object({
  /** Where they go on; null: at their start. */
  link: z.string().nullable(),
  /** How many have come on one page at most. */
  largest: z.number().default(0),
});
type ReadSoFar = z.output<typeof readSoFar>;
const AT_START: ReadSoFar = { link: null, largest: 0 };

/** Parents are begun in their order and end in any: all before `parent` are read, but those that are open. */
const positionSchema = z.object({
  /** The first that is not begun; absent if all are. */
  parent: z.string().optional(),
  /** Those that are begun. */
  open: z.record(z.string(), readSoFar).default({}),
});

/**
 * Reads the children of many parents, several at a time; each chunk is what has come of any of them. A parent that Graph
 * does not find (404, 410) or forbids (403) is skipped and named, so that what is known of it stays. So is one whose last page
 * looks as if it had a successor, until it is counted (`findShort`).
 * @see https://learn.microsoft.com/graph/errors
 */
export async function* readEach(
  { graph, from, parents, passesOver }: Pick<ReadOptions, 'graph' | 'from' | 'parents' | 'passesOver'>,
  children: ChildrenAt,
): AsyncGenerator<Chunk> {
  const { parent: mark, open: kept } = from === undefined ? { open: {} } : positionSchema.parse(JSON.parse(from));
  const begunBefore = new Map(Object.entries(kept));
  const isLeft = (parent: string) => begunBefore.has(parent) || (mark !== undefined && parent >= mark);
  const left = from === undefined ? parents : parents.filter(isLeft);
  if (left.length === 0) yield { items: [] };

  const open = new Map<string, ReadSoFar>();
  let begun = 0;
  function* starts() {
    for (const key of left) {
      const at = begunBefore.get(key) ?? AT_START;
      open.set(key, at);
      begun += 1;
      yield { key, path: children.path(key), from: at.link ?? undefined };
    }
  }
  for await (const answers of graph.pagesOf(starts(), passesOver)) {
    /** Those of which more may exist than have come. */
    const doubtful: Skipped[] = [];
    const linked: number[] = [];
    for (const { key, page } of answers) {
      const before = open.get(key) ?? AT_START;
      if (page?.next === undefined) open.delete(key);
      else open.set(key, after(before, page, page.next));
      if (page === undefined) continue;
      if (page.next !== undefined && page.items.length > 0) linked.push(page.items.length);
      if (page.next === undefined && mayHaveSuccessor(page, before, children.top))
        doubtful.push({ parent: key, reason: 'incomplete' });
    }
    const position = { parent: left[begun], open: Object.fromEntries(open) };
    yield {
      items: answers.flatMap(({ key, page }) => (page?.items ?? []).map((item): Child => ({ parent: key, item }))),
      pages: answers.length,
      skipped: [
        ...answers
          .filter(({ page }) => page === undefined)
          .map(({ key, refusal }) => ({ parent: key, reason: reasonOf(refusal) })),
        ...doubtful,
      ],
      ...(linked.length === 0 ? {} : { linked: Math.min(...linked) }),
      ...(open.size === 0 && begun === left.length ? {} : { next: JSON.stringify(position) }),
    };
  }
}

const after = ({ largest }: ReadSoFar, { items }: Page, link: string): ReadSoFar => ({
  link,
  largest: Math.max(largest, items.length),
});

/** A last page that is as full as asked, or as those before it, looks like one whose link is missing. */
const mayHaveSuccessor = ({ items }: Page, { largest }: ReadSoFar, top: number): boolean =>
  items.length >= top || (largest > 0 && items.length >= largest);

const reasonOf = (refusal: RollcallError | undefined): Skipped['reason'] =>
  refusal?.code === 'graph_forbidden' ? 'forbidden' : 'not_found';

import { z } from 'zod';
import type { RollcallError } from '../../errors.js';
import { withQuery, type Page } from '../../graph/index.js';
import type { Chunk, ReadOptions, Skipped } from '../task.js';

/** A child with its parent, which Graph does not name in the child. */
export interface Child {
  readonly parent: string;
  readonly item: unknown;
}

/** Where the children of a parent are. Paths without the version. */
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

const readSoFar = z.object({
  /** Their next page; null for the first one. */
  link: z.string().nullable(),
  /** The size of their largest page so far. */
  largest: z.number().default(0),
});
type ReadSoFar = z.output<typeof readSoFar>;
const AT_START: ReadSoFar = { link: null, largest: 0 };

/** Parents start in order and end in any order: all before `parent` are read, except the open ones. */
const positionSchema = z.object({
  /** The first that has not started; absent if all have. */
  parent: z.string().optional(),
  /** Those that have started and not ended. */
  open: z.record(z.string(), readSoFar).default({}),
});

/**
 * Reads the children of many parents, several at a time; a chunk holds pages of any of them. A parent that Graph does not find
 * (404, 410) or forbids (403) is skipped and named, so that its rows stay. So is one whose last page looks as if it had a
 * successor, until its children are counted (`findShort`).
 * @see https://learn.microsoft.com/graph/errors
 */
export async function* readEach(
  { graph, from, parents, passesOver }: Pick<ReadOptions, 'graph' | 'from' | 'parents' | 'passesOver'>,
  children: ChildrenAt,
): AsyncGenerator<Chunk> {
  const { parent: firstLeft, open: saved } = from === undefined ? { open: {} } : positionSchema.parse(JSON.parse(from));
  const startedBefore = new Map(Object.entries(saved));
  const isLeft = (parent: string) => startedBefore.has(parent) || (firstLeft !== undefined && parent >= firstLeft);
  const left = from === undefined ? parents : parents.filter(isLeft);
  if (left.length === 0) yield { items: [] };

  const open = new Map<string, ReadSoFar>();
  let started = 0;
  function* starts() {
    for (const key of left) {
      const resumed = startedBefore.get(key) ?? AT_START;
      open.set(key, resumed);
      started += 1;
      yield { key, path: children.path(key), from: resumed.link ?? undefined };
    }
  }
  for await (const answers of graph.pagesOf(starts(), passesOver)) {
    const incomplete: Skipped[] = [];
    const linked: number[] = [];
    for (const { key, page } of answers) {
      const soFar = open.get(key) ?? AT_START;
      if (page?.next === undefined) open.delete(key);
      else open.set(key, after(soFar, page, page.next));
      if (page === undefined) continue;
      if (page.next !== undefined && page.items.length > 0) linked.push(page.items.length);
      if (page.next === undefined && mayHaveSuccessor(page, soFar, children.top))
        incomplete.push({ parent: key, reason: 'incomplete' });
    }
    const position = { parent: left[started], open: Object.fromEntries(open) };
    yield {
      items: answers.flatMap(({ key, page }) => (page?.items ?? []).map((item): Child => ({ parent: key, item }))),
      pages: answers.length,
      skipped: [
        ...answers
          .filter(({ page }) => page === undefined)
          .map(({ key, refusal }) => ({ parent: key, reason: reasonOf(refusal) })),
        ...incomplete,
      ],
      ...(linked.length === 0 ? {} : { linked: Math.min(...linked) }),
      ...(open.size === 0 && started === left.length ? {} : { next: JSON.stringify(position) }),
    };
  }
}

const after = ({ largest }: ReadSoFar, { items }: Page, link: string): ReadSoFar => ({
  link,
  largest: Math.max(largest, items.length),
});

/** A last page that is full, or as large as those before it, looks as if its link were missing. */
const mayHaveSuccessor = ({ items }: Page, { largest }: ReadSoFar, top: number): boolean =>
  items.length >= top || (largest > 0 && items.length >= largest);

const reasonOf = (refusal: RollcallError | undefined): Skipped['reason'] =>
  refusal?.code === 'graph_forbidden' ? 'forbidden' : 'not_found';

import { z } from 'zod';
import { RollcallError } from '../errors.js';
import type { Portion, ReadOptions } from './task.js';

/** A child as it is prepared: Graph does not say in a child whose it is. */
export interface Child {
  readonly parent: string;
  readonly item: unknown;
}

const position = z.object({ parent: z.string(), link: z.string().optional() });

/**
 * Reads the children of one parent after the other. A parent that is gone by now (404) is skipped and named, so that
 * what is known of it stays until a run has seen that it is gone.
 * @param path of the children of a parent
 * @see https://learn.microsoft.com/graph/errors
 */
export async function* readEach(
  { graph, from, parents }: ReadOptions,
  path: (parent: string) => string,
): AsyncGenerator<Portion> {
  const resume = from === undefined ? undefined : position.parse(JSON.parse(from));
  const left = resume === undefined ? parents : parents.filter((parent) => parent >= resume.parent);
  if (left.length === 0) yield { items: [] };
  for (const [index, parent] of left.entries()) {
    const following = left[index + 1];
    const after = following === undefined ? {} : { next: JSON.stringify({ parent: following }) };
    const start = resume?.parent === parent ? resume.link : undefined;
    try {
      for await (const { items, next } of graph.pages(start ?? path(parent))) {
        const children = items.map((item): Child => ({ parent, item }));
        yield { items: children, ...(next === undefined ? after : { next: JSON.stringify({ parent, link: next }) }) };
      }
    } catch (error) {
      if (!(error instanceof RollcallError && error.code === 'graph_not_found')) throw error;
      yield { items: [], skipped: parent, ...after };
    }
  }
}

import { RollcallError } from '../../errors.js';
import type { GraphReader } from '../../graph/index.js';

/** What Graph counts; `refused`: it does not count here (a B2C tenant, a gateway); `failed`: it was in trouble. */
export type Counted = number | 'refused' | 'failed';

/**
 * How many objects Graph counts.
 * @param path ends in `$count`
 * @see https://learn.microsoft.com/graph/aad-advanced-queries
 */
export async function countOf(graph: GraphReader, path: string): Promise<Counted> {
  try {
    const told = (await graph.counts([{ id: path, path }])).get(path);
    return told?.kind === 'told' ? told.value : 'refused';
  } catch (error) {
    // That every request fails is found out by the next one; that this one does must not fail a whole read.
    if (error instanceof RollcallError && error.code === 'graph_unreachable') return 'failed';
    throw error;
  }
}

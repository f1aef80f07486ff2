import type { Counted, GraphReader } from '../../graph/index.js';

/** How many objects Graph counts in one collection. @param path ends in `$count` */
export const countOf = async (graph: GraphReader, path: string): Promise<Counted> =>
  (await graph.counts([{ id: path, path }])).get(path) ?? 'refused';

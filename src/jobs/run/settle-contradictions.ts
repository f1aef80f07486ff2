import { contradictedKeys } from '../../store/index.js';
import { askFor } from '../reading/tracked/ask-for.js';
import type { ReadCollection } from './collection-options.js';
import { progressOf } from './progress.js';
import { stageChunks } from './stage-chunks.js';

/**
 * Asks for the objects that Graph has both shown and called removed in one read. Changes come in any order, and old ones may
 * come again, so the later of the two is not always the newer.
 * @see https://learn.microsoft.com/graph/delta-query-overview
 */
export async function settleContradictions(options: ReadCollection): Promise<void> {
  const { database, graph, owner, collection, progress } = options;
  const { resource, table, proof } = collection;
  if (proof === undefined) return;
  const ids = await contradictedKeys(database.db, table, owner);
  if (ids.length === 0) return;
  const chunk = await askFor(graph, ids, proof, () => true);
  await stageChunks([{ ...chunk, pages: 0 }], options, progressOf(progress, resource));
}

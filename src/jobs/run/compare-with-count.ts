import { countMet } from '../../store/index.js';
import { countOf } from '../reading/count-of.js';
import { addDoubt } from '../doubts.js';
import { progressOf } from './progress.js';
import type { ReadCollection } from './collection-options.js';

/**
 * Proves a listing by Graph's own count: a last page without a link looks the same whether more exists or not. Compared is
 * everything the run has met, what it filtered, kept aside or saw removed too, with the count taken at the listing's end. That
 * may be of an index that lags behind, so that it is asked for once more before it is believed.
 * @see https://learn.microsoft.com/graph/paging
 */
export async function compareWithCount(options: ReadCollection): Promise<void> {
  const { database, graph, log, owner, collection, progress } = options;
  const { resource, table, count } = collection;
  const state = progressOf(progress, resource);
  if (count === undefined || state.delta !== undefined || state.isCompared) return;
  const { path, what } = count;
  const met = await countMet(database.db, table, owner);
  const first = state.counted ?? (await countOf(graph, path));
  if (first === 'refused') log.info({ resource }, 'Graph does not count here: the listing cannot be compared');
  else if (first === 'failed' || first > met) {
    const second = await countOf(graph, path);
    const counted = typeof second === 'number' ? second : first;
    if (counted === 'failed') addDoubt(state.doubts, { kind: 'uncounted', what });
    else if (counted > met) addDoubt(state.doubts, { kind: 'short', what, listed: met, counted });
  }
  state.isCompared = true;
}

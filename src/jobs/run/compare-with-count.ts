import { countMet, unmetKeys } from '../../store/index.js';
import { countOf } from '../reading/count-of.js';
import { addDoubt } from '../doubts.js';
import type { Proof } from '../task.js';
import { progressOf } from './progress.js';
import type { ReadCollection } from './collection-options.js';

/**
 * Proves a listing by Graph's own count: a last page without a link looks the same whether more exists or not. Compared is
 * everything the run has met, what it filtered or kept aside too, with the count taken at the listing's end. That may be of an
 * index that lags behind, so that it is asked for once more before it is believed. If there is no count, or it is lower than
 * what has come, it proves nothing: then Graph is asked for each object that is stored and was not listed.
 * @see https://learn.microsoft.com/graph/paging
 */
export async function compareWithCount(options: ReadCollection): Promise<void> {
  const { database, graph, log, owner, collection, progress } = options;
  const { resource, table, proof } = collection;
  const state = progressOf(progress, resource);
  if (proof === undefined || state.delta !== undefined || state.isCompared) return;
  const { count, what } = proof;
  const met = await countMet(database.db, table, owner);
  const first = state.counted ?? (await countOf(graph, count));
  const isDoubtful = first === 'failed' || (typeof first === 'number' && first > met);
  const second = isDoubtful ? await countOf(graph, count) : first;
  const counted = isDoubtful && typeof second !== 'number' ? first : second;
  if (counted === 'refused') log.info({ resource }, 'Graph does not count here: the listing cannot be compared');
  if (counted === 'failed') addDoubt(state.doubts, { kind: 'uncounted', what });
  else if (counted !== 'refused' && counted > met)
    addDoubt(state.doubts, { kind: 'short', what, listed: met, counted });
  else if (counted !== met) await askForUnlisted(options, proof);
  state.isCompared = true;
}

/** So many are asked for before it is looked whether one of them is there. */
const SOME = 200;

async function askForUnlisted(
  { database, graph, owner, collection: { resource, table }, progress }: ReadCollection,
  { what, object }: Proof,
): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const ids = await unmetKeys(database.db, table, { owner, after, limit: SOME });
    if (ids.length === 0) return;
    const told = await graph.objects(ids.map((id) => ({ id, path: object(id) })));
    const unlisted = ids.filter((id) => told.get(id)?.kind !== 'absent').length;
    if (unlisted > 0) return addDoubt(progressOf(progress, resource).doubts, { kind: 'unlisted', what, unlisted });
    after = ids.at(-1);
  }
}

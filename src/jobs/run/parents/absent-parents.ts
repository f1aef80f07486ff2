import type { Mark } from '../../../store/index.js';
import { nameOf, type Refused } from './hidden-parents.js';

/**
 * The runs in a row in which Graph does not find the children of a parent before we ask for the parent itself: a replica that
 * lags behind answers 404 for what exists.
 */
const RUNS = 3;

/**
 * The parents that are gone: not found for some runs, missing in every listing, and not found themselves. Their rows are removed.
 * Each run asks for them again, so that a restored one comes back by itself.
 * @returns marks of all that were checked
 */
export async function findAbsent({ database, graph, owner, parents, refused }: Refused): Promise<Mark[]> {
  const suspects = refused.filter(({ reason, runs }) => reason === 'not_found' && runs >= RUNS);
  if (suspects.length === 0) return [];
  const since = new Map(suspects.map((suspect) => [suspect.id, suspect.since]));
  const named = new Set(await parents.findNamed(database.db, owner, since));
  const asks = suspects
    .filter(({ id }) => !named.has(id))
    .map(({ id }) => ({ id, path: parents.object(id, 'id,displayName') }));
  const answers = await graph.objects(asks);
  return suspects.map(({ id, reason, name }): Mark => {
    const answer = answers.get(id);
    if (answer?.kind === 'absent') return { id, kind: 'absent', reason, name };
    return { id, kind: 'skipped', reason, name: answer?.kind === 'told' ? (nameOf(answer.value) ?? name) : name };
  });
}

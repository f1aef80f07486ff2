import type { Mark } from '../../../store/index.js';
import { nameOf, type Refused } from './hidden-parents.js';

/**
 * In so many runs in a row Graph must not find a parent before it is asked for the parent itself: a replica that lags behind
 * answers 404 for what exists.
 */
const RUNS = 3;

/**
 * The parents that are gone: not found for some runs, by no listing named any more, and not found themselves. Nothing is kept
 * of them. They are asked for in each run, so that one that is restored comes back by itself.
 * @returns marks of all that were looked at
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

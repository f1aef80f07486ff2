import { z } from 'zod';
import {
  emptyParents,
  parentsWithRows,
  type Mark,
  type MarkedParent,
  type StagedParents,
} from '../../../store/index.js';
import { isLacking } from '../../permissions.js';
import type { Parents } from '../../task.js';
import type { ReadCollection } from '../collection-options.js';

export interface Refused extends ReadCollection {
  readonly parents: Parents;
  readonly staged: StagedParents;
  /** The parents whose children were not read. */
  readonly refused: readonly MarkedParent[];
}

/**
 * The parents that hide their children from this application: Graph forbids them, or answers with an empty list, which proves
 * nothing without the permission to see them.
 * @returns new marks of them, and of those that Graph does not let us ask about
 * @see https://learn.microsoft.com/graph/api/group-list-members
 */
export async function findHidden({
  database,
  graph,
  owner,
  roles,
  parents,
  staged,
  refused,
}: Refused): Promise<Mark[]> {
  const { hidden } = parents;
  if (hidden === undefined) return [];
  const granted = await roles();
  const lacks = isLacking(hidden.permission, granted);
  if (granted !== undefined && !lacks) return [];
  const forbidden = refused.filter(({ reason }) => reason === 'forbidden').map(({ id }) => id);
  const empty = lacks ? await emptyParents(database.db, staged, await parents.find(database.db, owner)) : [];
  const asks = [...forbidden, ...empty].map((id) => ({ id, path: parents.object(id, hidden.select) }));
  const answers = await graph.objects(asks, { once: true });
  const unknown = empty.filter((id) => answers.get(id)?.kind === 'refused');
  const kept = new Set(await parentsWithRows(database.db, staged, unknown));
  return asks.flatMap(({ id }): Mark[] => {
    const answer = answers.get(id);
    const isForbidden = forbidden.includes(id);
    if (answer?.kind === 'told') {
      const name = nameOf(answer.value);
      if (hidden.isHidden(answer.value)) return [{ id, kind: 'skipped', reason: 'hidden_membership', name }];
      return isForbidden ? [{ id, kind: 'skipped', reason: 'forbidden', name }] : [];
    }
    // Its empty list may be wrong, so its rows stay.
    return kept.has(id) ? [{ id, kind: 'skipped', reason: 'forbidden', name: null }] : [];
  });
}

/** What Graph calls an object. */
export const nameOf = (object: unknown): string | null =>
  z.object({ displayName: z.string() }).safeParse(object).data?.displayName ?? null;

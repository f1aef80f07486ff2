import {
  markedParents,
  recordParents,
  type Owner,
  type Session,
  type SkippedParent,
  type StagedParents,
} from '../../../store/index.js';
import type { Collection, Parents, Task } from '../../task.js';

/** So many are named in `runs`; the rest are a count. */
const MOST_NAMED = 100;

/** The staged parents of a collection of children. */
export const stagedParents = (
  { resource, table }: Pick<Collection, 'resource' | 'table'>,
  { property }: Pick<Parents, 'property'>,
  owner: Owner,
): StagedParents => ({ owner, resource, table, property });

/** What a run could not read, as its row in `runs` names it: the first hundred. */
export async function listSkipped(
  db: Session['db'],
  { collections }: Pick<Task, 'collections'>,
  owner: Owner,
): Promise<SkippedParent[]> {
  const skipped: SkippedParent[] = [];
  for (const collection of collections) {
    const { parents } = collection;
    if (parents === undefined) continue;
    const marked = await markedParents(db, stagedParents(collection, parents, owner), MOST_NAMED - skipped.length);
    for (const { kind: mark, id, name, reason, since, runs } of marked) {
      if (mark === 'skipped') skipped.push({ kind: parents.kind, id, name, reason, since, runs });
    }
  }
  return skipped;
}

/** Writes down, with the landing of a run, what it could not read, and forgets what it could. */
export async function recordSkipped(
  db: Session['db'],
  { collections }: Pick<Task, 'collections'>,
  owner: Owner,
): Promise<void> {
  for (const collection of collections) {
    const { parents } = collection;
    if (parents !== undefined) await recordParents(db, stagedParents(collection, parents, owner));
  }
}

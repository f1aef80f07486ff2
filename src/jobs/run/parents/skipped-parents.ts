import {
  markedParents,
  recordParents,
  type Owner,
  type Session,
  type SkippedParent,
  type StagedParents,
} from '../../../store/index.js';
import type { Collection, Parents, Task } from '../../task.js';

/** How many a run names; the rest are only counted. */
const MOST_NAMED = 100;

/** The staged parents of a collection of children. */
export const stagedParents = (
  { resource, table }: Pick<Collection, 'resource' | 'table'>,
  { property }: Pick<Parents, 'property'>,
  owner: Owner,
): StagedParents => ({ owner, resource, table, property });

/** The first hundred parents that a run could not read, for its row in `runs`. */
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

/** Records the parents that a run could not read, and deletes the records of those it could. */
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

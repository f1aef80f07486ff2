import type { GraphReader } from '../../../graph/index.js';
import { suspectParents, type Mark, type SuspectParent } from '../../../store/index.js';
import type { ChildCount } from '../../task.js';
import type { Refused } from './hidden-parents.js';

/** Graph's default page size, which it may also use if more is asked for. @see https://learn.microsoft.com/graph/api/group-list-members */
const USUAL_PAGE = 100;

export interface Short {
  /** Marks of the parents for which Graph counts more children than were read, or fails to count. */
  readonly short: readonly Mark[];
  /** The parents that the read marked as incomplete, although they are complete. */
  readonly proven: readonly string[];
}

/**
 * Counts the children of parents that may have more than were read: a last page without a link does not prove the end. Each child
 * counts once, even if Graph listed it twice. The index behind the count may lag, so a mismatch is counted once more.
 */
export async function findShort({
  database,
  graph,
  owner,
  parents,
  staged,
  linked,
}: Refused & { readonly linked: number | undefined }): Promise<Short> {
  const ids = await parents.find(database.db, owner);
  const pageSizes = [USUAL_PAGE, ...(linked === undefined ? [] : [linked])];
  const only = parents.counts.find((count) => count.only !== undefined)?.only;
  let suspects = await suspectParents(database.db, staged, { ids, pageSizes, only });
  const short: Mark[] = [];
  const proven: string[] = [];
  for (const count of parents.counts) {
    const verdicts = await judge(graph, suspects, count);
    for (const { id } of suspects) {
      const verdict = verdicts.get(id);
      if (verdict === 'short') short.push({ id, kind: 'skipped', reason: 'incomplete', name: null });
      else if (verdict === 'whole') proven.push(id);
    }
    suspects = suspects.filter(({ id }) => verdicts.get(id) === undefined);
  }
  // If Graph refuses to count, its listing is believed.
  return { short, proven: [...proven, ...suspects.map(({ id }) => id)] };
}

/** Undefined if Graph refuses to count. */
type Verdict = 'short' | 'whole' | undefined;

async function judge(
  graph: GraphReader,
  suspects: readonly SuspectParent[],
  { path, only }: ChildCount,
): Promise<ReadonlyMap<string, Verdict>> {
  const count = async (some: readonly SuspectParent[]): Promise<Map<string, Verdict>> => {
    if (some.length === 0) return new Map();
    const counted = await graph.counts(some.map(({ id }) => ({ id, path: path(id) })));
    const verdictOf = ({ id, met, ofKind }: SuspectParent): Verdict => {
      const found = counted.get(id) ?? 'refused';
      if (found === 'refused') return undefined;
      return found === 'failed' || found > (only === undefined ? met : ofKind) ? 'short' : 'whole';
    };
    return new Map(some.map((suspect) => [suspect.id, verdictOf(suspect)]));
  };
  const first = await count(suspects);
  const again = await count(suspects.filter(({ id }) => first.get(id) === 'short'));
  return new Map([...first].map(([id, verdict]) => [id, again.get(id) ?? verdict]));
}

import { z } from 'zod';
import { RollcallError } from '../errors.js';
import { acceptedFor, withQuery, type GraphReader, type Page } from '../graph/index.js';

export interface Looking {
  readonly reader: GraphReader;
  /** The roles of the token; undefined if it does not name them. */
  readonly roles: readonly string[] | undefined;
}

/** How many applications are searched for one that a group is assigned to. */
const MOST_APPLICATIONS = 200;

const named = z.object({ id: z.string().min(1) });
const assignment = z.object({ principalId: z.string().min(1), principalType: z.literal('Group') });

/**
 * The id of any object of a collection; undefined if there is none. A token that may read the members of groups and not list
 * groups finds one among the assignments of applications.
 * @param parents the path of the collection
 * @throws RollcallError `graph_unreadable` if the object has no id
 */
export async function findParent(parents: string, looking: Looking): Promise<string | undefined> {
  const { reader, roles } = looking;
  if (parents === '/groups' && roles !== undefined && !acceptedFor(parents).some((name) => roles.includes(name))) {
    return findAssignedGroup(reader);
  }
  const [first] = idsOf(parents, await reader.page(withQuery(parents, { $select: 'id', $top: 1 })));
  return first;
}

async function findAssignedGroup(reader: GraphReader): Promise<string | undefined> {
  for await (const [group] of assignedGroups(reader)) if (group !== undefined) return group;
  return undefined;
}

/** The ids of groups that are assigned to some applications, as they come, some several times. */
export async function* assignedGroups(reader: GraphReader): AsyncGenerator<readonly string[], void, void> {
  const applications = '/servicePrincipals';
  const some = await reader.page(withQuery(applications, { $select: 'id', $top: MOST_APPLICATIONS }));
  const starts = idsOf(applications, some).map((key) => ({
    key,
    path: withQuery(`${applications}/${encodeURIComponent(key)}/appRoleAssignedTo`, {
      $select: 'principalId,principalType',
      $top: 999,
    }),
  }));
  // In batches; skips an application that was just removed.
  for await (const answers of reader.pagesOf(starts, ({ code }) => Promise.resolve(code === 'graph_not_found'))) {
    const items = answers.flatMap(({ page }) => page?.items ?? []);
    yield items.flatMap((item) => assignment.safeParse(item).data?.principalId ?? []);
  }
}

function idsOf(path: string, { items }: Page): string[] {
  return items.map((item) => {
    const { data } = named.safeParse(item);
    if (data !== undefined) return data.id;
    throw new RollcallError(
      'graph_unreadable',
      `An object of ${path} came without an id`,
      'A proxy or gateway on the way to Graph may change answers. Check GRAPH_BASE_URL, HTTPS_PROXY and NO_PROXY.',
    );
  });
}

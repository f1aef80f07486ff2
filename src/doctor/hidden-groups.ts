import { RollcallError } from '../errors.js';
import type { GraphReader } from '../graph/index.js';
import { PERMISSIONS } from '../jobs/permissions.js';
import { ssoRoster } from '../jobs/sso-roster/index.js';
import type { HiddenChildren, Parents } from '../jobs/task.js';
import type { TenantCheck } from './tenant-check.js';
import { assignedGroups as groupsOf } from './find-parent.js';
import { ok, warning, type Finding } from './finding.js';

/** How many groups are checked in a tenant that was never read. */
const MOST_GROUPS = 1000;

/** Permissions that are needed only if a parent hides its children: without them its rows get out of date. */
export const HIDING = ssoRoster.collections.flatMap(({ parents }) =>
  parents?.hidden === undefined ? [] : [{ ...parents, hidden: parents.hidden }],
);

interface Looking extends Pick<TenantCheck, 'assignedGroups' | 'signal'> {
  readonly reader: GraphReader;
  readonly advice: (permission: string) => string;
}

/** Whether a group that is assigned to an application hides its members from a token that lacks the permission to see them. */
export async function checkHiding(
  { hidden, object }: Parents & { readonly hidden: HiddenChildren },
  { assignedGroups, reader, signal, advice }: Looking,
): Promise<Finding> {
  const check = `permission ${hidden.permission}`;
  try {
    const known = await assignedGroups();
    const groups = known.length > 0 ? known : await groupsInGraph(reader);
    const asks = groups.map((id) => ({ id, path: object(id, hidden.select) }));
    const answers = [...(await reader.objects(asks, { once: true })).values()];
    const hiding = answers.filter((answer) => answer.kind === 'told' && hidden.isHidden(answer.value)).length;
    if (hiding === 0) return ok(check, 'not granted, and no assigned group is known to hide its members');
    const found = `not granted, and ${hiding} assigned ${hiding === 1 ? 'group hides its' : 'groups hide their'} members`;
    return warning(check, `${found}: ${PERMISSIONS[hidden.permission]?.without}`, advice(hidden.permission));
  } catch (error) {
    signal.throwIfAborted();
    // What keeps Graph from answering is a finding of its own.
    if (!(error instanceof RollcallError)) throw error;
    return ok(check, 'not granted; whether an assigned group hides its members could not be checked');
  }
}

async function groupsInGraph(reader: GraphReader): Promise<string[]> {
  const groups = new Set<string>();
  for await (const some of groupsOf(reader)) {
    for (const id of some) groups.add(id);
    if (groups.size > MOST_GROUPS) break;
  }
  return [...groups];
}

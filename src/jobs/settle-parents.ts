import { RollcallError } from '../errors.js';
import type { PassesOver } from '../graph/index.js';
import { countSkipped, markedParents, type MarkedParent } from '../store/index.js';
import { isLacking } from './permissions.js';
import { progressOf } from './progress.js';
import type { ReadCollection } from './read-collection.js';
import { stagedParents } from './skipped-parents.js';
import type { Collection, Parents } from './task.js';

/**
 * Goes on without a parent that Graph does not find, or forbids; but not if the token says that it lacks the permission for
 * all of them: then a refusal is no news of this parent.
 */
export const passesOver =
  ({ parents }: Pick<Collection, 'parents'>, roles: ReadCollection['roles']): PassesOver =>
  async ({ code }) =>
    code !== 'graph_forbidden' || (parents !== undefined && !isLacking(parents.permission, await roles()));

/**
 * Looks at the parents that a read could not read, once it has reached its end. Can be repeated: an interrupted run does.
 * @param beginAgain throws away what was read of the collection, so that a replay reads it again
 * @throws RollcallError `graph_not_found`, `graph_forbidden` if none of the parents could be read
 */
export async function settleParents(
  options: ReadCollection,
  beginAgain: (scope: unknown) => Promise<void>,
): Promise<void> {
  const { database, owner, collection, progress, roles } = options;
  const { parents } = collection;
  if (parents === undefined) return;
  const state = progressOf(progress, collection.resource);
  const staged = stagedParents(collection, parents, owner);
  state.skipped = await countSkipped(database.db, staged);
  if (state.skipped === 0) return;
  const marked = await markedParents(database.db, staged);
  const skipped = marked.filter(({ kind }) => kind === 'skipped');
  const { length } = await parents.find(database.db, owner);
  if (skipped.length === 0 || marked.length < length) return;
  const error = noneRead(parents, skipped, await roles());
  if (error === undefined) return;
  await beginAgain(state.scope);
  throw error;
}

/** What a run that could read no parent at all fails with; undefined if that may be right. */
function noneRead(
  { kind, permission, mustRead }: Parents,
  skipped: readonly MarkedParent[],
  roles: readonly string[] | undefined,
): RollcallError | undefined {
  const forbidden = skipped.filter(({ reason }) => reason === 'forbidden').length;
  // A token that does not say what it may read, and is refused everywhere, may lack the permission.
  if (!mustRead && (forbidden === 0 || roles !== undefined)) return undefined;
  const all = `none of the ${skipped.length} ${kind}s could be read`;
  if (forbidden < skipped.length) {
    const also = forbidden === 0 ? '' : `, and forbids ${forbidden} of them (403)`;
    return new RollcallError(
      'graph_not_found',
      `Graph does not find what is listed (404 or 410)${also}: ${all}`,
      'Nothing was removed. Check GRAPH_BASE_URL, and proxies and gateways on the way to Graph; then run it again.',
    );
  }
  const isGranted = roles !== undefined && !isLacking(permission, roles);
  return new RollcallError(
    'graph_forbidden',
    `Graph forbids this (403)${isGranted ? `, although the token has ${permission}` : `: the application lacks ${permission}`}: ${all}`,
    isGranted
      ? 'Nothing was removed. See what Graph says: rollcall access-log --failed. Then run it again.'
      : `Nothing was removed. Grant the application permission ${permission} in the app registration and have an administrator consent to it.`,
  );
}

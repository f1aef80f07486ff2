import type { PassesOver } from '../../../graph/index.js';
import { countSkipped, markedParents, markParents } from '../../../store/index.js';
import { isLacking } from '../../permissions.js';
import type { Collection } from '../../task.js';
import { progressOf } from '../progress.js';
import type { ReadCollection } from '../collection-options.js';
import { findAbsent } from './absent-parents.js';
import { findHidden } from './hidden-parents.js';
import { findShort } from './short-parents.js';
import { noneRead } from './none-read.js';
import { stagedParents } from './skipped-parents.js';

/**
 * Skips a parent that Graph does not find or forbids; but not if the token lacks the permission for all of them, because then
 * the refusal says nothing about this parent.
 */
export const passesOver =
  ({ parents }: Pick<Collection, 'parents'>, roles: ReadCollection['roles']): PassesOver =>
  async ({ code }) =>
    code !== 'graph_forbidden' || (parents !== undefined && !isLacking(parents.permission, await roles()));

/**
 * At the end of a read, decides which of the skipped parents hide their children, which are gone, and which were read in part.
 * Can be repeated, as an interrupted run does.
 * @param beginAgain deletes the staged rows of the collection, so that a replay reads it again
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
  const refused = await markedParents(database.db, staged);
  const found = { ...options, parents, staged, refused };
  const marks = [...(await findHidden(found)), ...(await findAbsent(found))];
  if (marks.length > 0) await markParents(database, staged, { marks }, progress);
  const { short, proven } = await findShort({ ...found, linked: state.linked });
  if (short.length + proven.length > 0) {
    await markParents(database, staged, { marks: short, cleared: proven }, progress);
  }
  state.skipped = await countSkipped(database.db, staged);
  if (state.skipped === 0) return;
  const marked = await markedParents(database.db, staged);
  const { length } = await parents.find(database.db, owner);
  if (marked.length < length) return;
  const error = noneRead(parents, marked, await roles());
  if (error === undefined) return;
  await beginAgain(state.scope);
  throw error;
}

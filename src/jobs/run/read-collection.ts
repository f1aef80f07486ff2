import { isDeepStrictEqual } from 'node:util';
import { RollcallError } from '../../errors.js';
import { differingProperties, findCursor, resetStaging } from '../../store/index.js';
import { isLost } from '../../graph/index.js';
import { compareWithCount } from './compare-with-count.js';
import { beginning, progressOf, type CollectionProgress } from './progress.js';
import { settleContradictions } from './settle-contradictions.js';
import { passesOver, settleParents } from './parents/settle-parents.js';
import type { ReadCollection } from './collection-options.js';
import { stageChunks } from './stage-chunks.js';

/** A listing that loses its page tokens five times will not do better the sixth time. */
export const MOST_RESTARTS = 5;
/** A listing must not consist of pages of today and of last week. */
const LONGEST_READ = 24 * 60 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;

/**
 * Reads a collection into staging, from its checkpoint to its end. Each chunk is committed together with its checkpoint; while
 * one is being written the next is already being read.
 */
export async function readCollection(options: ReadCollection): Promise<void> {
  await readToEnd(options);
  await settleContradictions(options);
  await compareWithCount(options);
  await settleParents(options, (scope) => beginAgain(options, { ...beginning(), scope }));
}

async function readToEnd(options: ReadCollection): Promise<void> {
  const { collection, filters, progress } = options;
  const scope: unknown = JSON.parse(JSON.stringify(collection.scope(filters)));
  const saved = progressOf(progress, collection.resource);
  // Pages that were read under other filters, or days ago, cannot be mixed with pages read now.
  const canResume =
    saved.pages > 0 && isDeepStrictEqual(saved.scope, scope) && Date.now() - Date.parse(saved.since) < LONGEST_READ;
  if (!canResume) {
    const delta = await findDelta(options, scope);
    const fresh = { ...beginning(), scope, ...(delta === undefined ? {} : { delta }) };
    if (saved.pages > 0) await beginAgain(options, fresh);
    else progress.collections[collection.resource] = fresh;
  }
  for (;;) {
    const state = progressOf(progress, collection.resource);
    try {
      if (!state.done) await readOn(options, state);
      return;
    } catch (error) {
      const { delta, restarts } = state;
      if (delta !== undefined && (isLost(error) || isForeign(error))) {
        options.log.warn({ resource: collection.resource }, 'Graph no longer knows the cursor: a full read follows');
        await beginAgain(options, { ...beginning(), scope, restarts });
        continue;
      }
      const expired = error instanceof RollcallError && error.code === 'graph_page_expired';
      if (!expired || restarts >= MOST_RESTARTS) throw error;
      const again = { ...beginning(), scope, restarts: restarts + 1 };
      await beginAgain(options, delta === undefined ? again : { ...again, delta });
    }
  }
}

/** Graph keeps a delta token for seven days: https://learn.microsoft.com/graph/delta-query-overview#delta-token-duration */
const OLDEST_CURSOR = 6 * DAY;

/** The delta link to start from; undefined if everything must be read. */
async function findDelta(options: ReadCollection, scope: unknown): Promise<string | undefined> {
  const { database, owner, collection, full, settings } = options;
  const { tenantId, task } = owner;
  if (full) return undefined;
  const cursor = await findCursor(database.db, { tenantId, task, resource: collection.resource });
  if (cursor === undefined || cursor.position === null || cursor.fullReadAt === null) return undefined;
  if (!isDeepStrictEqual(cursor.scope, scope)) return undefined;
  const age = (instant: string) => Date.now() - Date.parse(instant);
  const isTooOld = age(cursor.movedAt) > OLDEST_CURSOR || age(cursor.fullReadAt) > settings.fullReadEveryDays * DAY;
  return isTooOld ? undefined : cursor.position;
}

/** A cursor of another Graph: GRAPH_BASE_URL has changed. Nothing was sent there. */
const isForeign = (error: unknown) => error instanceof RollcallError && error.code === 'graph_foreign_link';

async function beginAgain(
  { database, owner, collection, progress }: ReadCollection,
  state: CollectionProgress,
): Promise<void> {
  progress.collections[collection.resource] = state;
  await resetStaging(database, owner, { tables: [collection.table], checkpoint: progress });
}

async function readOn(options: ReadCollection, state: CollectionProgress): Promise<void> {
  const { database, graph, owner, collection, filters, roles } = options;
  const { next: from, delta } = state;
  const parents = (await collection.parents?.find(database.db, owner)) ?? [];
  const { table } = collection;
  const chunks = collection.read({
    graph,
    from,
    delta,
    parents,
    passesOver: passesOver(collection, roles),
    prepare: (item) => collection.prepare(item, filters),
    differing: (rows) => differingProperties(database.db, table, { owner, rows }),
  });
  await stageChunks(chunks, options, state);
}

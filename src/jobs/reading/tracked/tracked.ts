import { withQuery } from '../../../graph/index.js';
import type { Collection, Proof } from '../../task.js';
import { readTracked } from './read-tracked.js';
import type { Sources, TrackedCollection } from './tracked-collection.js';

export interface TrackedOptions {
  /** `/users` */
  readonly path: string;
  readonly what: string;
  readonly select: string;
  readonly sources: Sources;
}

/** The parts of a definition that follow from its changes being told by Graph. */
export function tracked({
  path,
  what,
  select: $select,
  sources,
}: TrackedOptions): Pick<Collection, 'read'> & { readonly proof: Proof } {
  const collection: TrackedCollection = {
    what,
    properties: $select.split(','),
    unasked: Object.values(sources)
      .flat()
      .filter((name) => name.startsWith('@')),
    sources,
    // 999 is the most that Graph gives: https://learn.microsoft.com/graph/api/user-list
    list: withQuery(path, { $select, $top: 999 }),
    count: `${path}/$count`,
    delta: withQuery(`${path}/delta`, { $select }),
    object: (id) => withQuery(`${path}/${id}`, { $select }),
    deleted: (id) => withQuery(`/directory/deletedItems/${id}`, { $select: 'id' }),
  };
  return { read: (options) => readTracked(options, collection), proof: collection };
}

import { contextOf, type Answer, type GraphRequest } from './answer.js';
import { EXPIRED_PAGE, nextLink, resumed } from './paging.js';
import { pageSize } from './query-options.js';

/** A collection of what belongs to one object. */
export interface LinkListing<T> {
  readonly context: (select: string | null) => string;
  /** With gaps where something was removed: a page token is a position. */
  readonly slots: readonly (T | undefined)[];
  /** Prepares the JSON of an item under this `$select`; undefined leaves the item out. */
  readonly project: (select: string | null) => (item: T) => Readonly<Record<string, unknown>> | undefined;
}

/** One page of it. */
export function listLinks<T>({ world, call, tenant }: GraphRequest, listing: LinkListing<T>): Answer {
  const state = resumed(world, call, tenant.tenantId, EXPIRED_PAGE);
  const select = state === undefined ? call.query.get('$select') : state.select;
  const project = listing.project(select);
  const top = Math.min(world.largestPage, state?.top ?? pageSize(call, 100, 999));
  const value: Readonly<Record<string, unknown>>[] = [];
  let after = typeof state?.after === 'number' ? state.after : 0;
  let more = false;
  for (; after < listing.slots.length; after += 1) {
    const item = listing.slots[after];
    const projected = item === undefined ? undefined : project(item);
    if (projected === undefined) continue;
    more = value.length === top;
    if (more) break;
    value.push(projected);
  }
  const next = { tenantId: tenant.tenantId, path: call.path, select, filter: null, top, after };
  return {
    body: JSON.stringify({
      '@odata.context': contextOf(world, listing.context(select)),
      ...(more ? { '@odata.nextLink': nextLink(world, call, next) } : {}),
      value,
    }),
  };
}

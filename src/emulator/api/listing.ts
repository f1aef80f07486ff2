import type { DirectoryTable } from '../tenant/directory-table.js';
import { contextOf, type Answer, type GraphRequest } from './answer.js';
import { projector, type ObjectType } from './object-type.js';
import { EXPIRED_PAGE, nextLink, resumed } from './paging.js';
import { isEventual, pageSize } from './query-options.js';
import { refuseOutside, selected } from './select.js';

/** A collection of directory objects. */
export interface Listing {
  /** As the context names it, such as `users`. */
  readonly name: string;
  readonly type: ObjectType;
  readonly table: DirectoryTable;
  /** Refuses properties for which the caller lacks something. */
  readonly check?: (fields: readonly string[]) => void;
  /** Makes pages smaller if expensive properties are selected. */
  readonly largestPage?: (fields: readonly string[]) => number;
}

const USUAL_PAGE = 100;
const LARGEST_PAGE = 999;

/** One page of a collection. @see https://learn.microsoft.com/graph/paging */
export function list({ world, call, tenant }: GraphRequest, listing: Listing): Answer {
  const { table, type } = listing;
  const state = resumed(world, call, tenant.tenantId, EXPIRED_PAGE);
  const select = state === undefined ? call.query.get('$select') : state.select;
  const fields = selected(type, select);
  refuseOutside(type, fields);
  listing.check?.(fields);
  const asked = state?.top ?? pageSize(call, USUAL_PAGE, LARGEST_PAGE);
  const top = Math.min(asked, world.largestPage, listing.largestPage?.(fields) ?? LARGEST_PAGE);
  const after = typeof state?.after === 'number' ? state.after : -1;

  const places = table.places(after, top + 1);
  const page = places.slice(0, top);
  const last = page.at(-1);
  const counted = call.query.get('$count') === 'true' && isEventual(call) && state === undefined;
  const head = {
    '@odata.context': contextOf(world, select === null ? listing.name : `${listing.name}(${fields.join(',')})`),
    ...(counted ? { '@odata.count': table.size } : {}),
    ...(places.length > top && last !== undefined
      ? {
          '@odata.nextLink': nextLink(world, call, {
            tenantId: tenant.tenantId,
            path: call.path,
            select,
            filter: null,
            top: asked,
            after: last,
          }),
        }
      : {}),
  };
  const text = (): string => {
    const project = projector(type, fields);
    return JSON.stringify({ ...head, value: page.map((place) => project(table.at(place))) });
  };
  return { body: { key: `${tenant.tenantId} ${table.feed.sequence} ${JSON.stringify(head)} ${after} ${top}`, text } };
}

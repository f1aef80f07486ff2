import { header } from '../call.js';
import type { Change } from '../tenant/change-feed.js';
import type { DirectoryTable } from '../tenant/directory-table.js';
import { contextOf, type Answer, type GraphRequest } from './answer.js';
import { changedItem, initialItem } from './delta-items.js';
import { startedRound } from './delta-round.js';
import type { DeltaState } from './delta-state.js';
import type { ObjectType } from './object-type.js';
import { checkOptions } from './query-options.js';
import { refuseOutside, selected } from './select.js';

/** A collection with changes. */
export interface DeltaListing {
  readonly name: string;
  readonly type: ObjectType;
  readonly table: DirectoryTable;
}

// Not documented; observed on initial rounds of users.
const PAGE = 200;

/** One page of a round of delta. @see https://learn.microsoft.com/graph/delta-query-overview */
export function delta(request: GraphRequest, { name, type, table }: DeltaListing): Answer {
  const { world, call } = request;
  checkOptions(call, { known: ['$select'], refused: ['$top', '$orderby', '$expand', '$search', '$skip', '$count'] });
  const state = startedRound(request, table);
  const fields = selected(type, state.select);
  refuseOutside(type, fields);
  const minimal = /return=minimal/i.test(header(call, 'prefer') ?? '');

  const { value, next } = page(state, table, fields, minimal);
  const token = world.deltaTokens.issue(next);
  const link = `${world.url}${call.path}?`;
  const body = {
    '@odata.context': contextOf(world, state.select === null ? name : `${name}(${fields.join(',')})`),
    ...(next.page === null
      ? { '@odata.deltaLink': `${link}$deltatoken=${token}` }
      : { '@odata.nextLink': `${link}$skiptoken=${token}` }),
    value,
  };
  return { body: JSON.stringify(body), ...(minimal ? { headers: { 'Preference-Applied': 'return=minimal' } } : {}) };
}

interface DeltaPage {
  readonly value: readonly Readonly<Record<string, unknown>>[];
  readonly next: DeltaState;
}

function page(state: DeltaState, table: DirectoryTable, fields: readonly string[], minimal: boolean): DeltaPage {
  if (state.page === null) return { value: [], next: state };
  const { round, after, upTo } = state.page;
  const ended: DeltaState = { ...state, since: upTo, page: null };
  if (round === 'initial') {
    const places = table.places(after, PAGE + 1);
    const value = places.slice(0, PAGE).map((place) => initialItem(table.at(place), fields));
    const last = places[PAGE - 1];
    if (places.length > PAGE && last !== undefined)
      return { value, next: { ...state, page: { ...state.page, after: last } } };
    // Users deleted before the first round are included too: https://learn.microsoft.com/graph/delta-query-users
    const removals = [...table.removals()].map(([id, reason]) => ({ id, '@removed': { reason } }));
    return { value: [...value, ...removals], next: ended };
  }
  const changes = table.feed.between(state.since, upTo).filter((change) => concerns(change, fields));
  const value = changes.slice(after, after + PAGE).map((change) => changedItem(table, change, fields, minimal));
  if (changes.length <= after + PAGE) return { value, next: ended };
  return { value, next: { ...state, page: { ...state.page, after: after + PAGE } } };
}

/** A change of nothing that was selected is no change. */
function concerns({ properties, removed }: Change, fields: readonly string[]): boolean {
  return removed !== undefined || properties === 'all' || fields.some((field) => properties.has(field));
}

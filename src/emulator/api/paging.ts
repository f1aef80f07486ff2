import type { World } from '../world.js';
import type { Call } from '../call.js';
import { badRequest, type GraphFailure } from './graph-failure.js';
import type { PageState } from './page-state.js';

/** @see https://learn.microsoft.com/graph/paging */
export const EXPIRED_PAGE = () =>
  badRequest(
    'The specified page token value has expired and can no longer be included in your request.',
    'Directory_ExpiredPageToken',
  );

/** The state behind the request's `$skiptoken`; undefined if it has none. */
export function resumed(
  world: World,
  call: Call,
  tenantId: string,
  expired: () => GraphFailure,
): PageState | undefined {
  const token = call.query.get('$skiptoken');
  if (token === null) return undefined;
  const state = world.pageTokens.read(token);
  if (typeof state === 'string') throw expired();
  if (state.tenantId !== tenantId || state.path !== call.path) throw expired();
  return state;
}

/** The link to the page behind this one: the options of this one and a token. */
export function nextLink(world: World, call: Call, state: PageState): string {
  const kept = [...call.query]
    .filter(([name]) => name !== '$skiptoken')
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}&`);
  return `${world.url}${encodeURI(call.path)}?${kept.join('')}$skiptoken=${world.pageTokens.issue(state)}`;
}

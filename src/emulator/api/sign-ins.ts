import type { GraphObject } from '../tenant/graph-object.js';
import { when, type SignInLog } from '../tenant/sign-in-log.js';
import { contextOf, type Route } from './answer.js';
import { noPremium } from './denials.js';
import { badRequest } from './graph-failure.js';
import { nextLink, resumed } from './paging.js';
import { checkOptions, pageSize } from './query-options.js';
import { signInFilter, type SignInFilter } from './sign-in-filter.js';

const LARGEST_PAGE = 1000;

/** Interactive sign-ins, newest first. @see https://learn.microsoft.com/graph/api/signin-list */
export const signIns: Route = {
  pattern: /^\/auditLogs\/signIns$/i,
  permissions: ['AuditLog.Read.All'],
  units: 1,
  isReport: true,
  answer({ world, call, tenant }) {
    if (!tenant.premium) throw noPremium();
    checkOptions(call, { known: ['$top', '$filter'], refused: ['$select', '$skip', '$expand', '$search', '$count'] });
    const state = resumed(world, call, tenant.tenantId, lostPage);
    const filterText = state === undefined ? call.query.get('$filter') : state.filter;
    const top = Math.min(world.largestPage, state?.top ?? pageSize(call, LARGEST_PAGE, LARGEST_PAGE));
    const after = typeof state?.after === 'string' ? state.after : undefined;
    const found = take(tenant.signIns, signInFilter(filterText), after, top + 1);
    const value = found.slice(0, top);
    const last = value.at(-1);
    const next =
      found.length > top && last !== undefined
        ? nextLink(world, call, {
            tenantId: tenant.tenantId,
            path: call.path,
            select: null,
            filter: filterText,
            top,
            after: position(last),
          })
        : undefined;
    return {
      body: JSON.stringify({
        '@odata.context': contextOf(world, 'auditLogs/signIns'),
        ...(next === undefined ? {} : { '@odata.nextLink': next }),
        value,
      }),
    };
  },
};

/** By what came before and not by a number: sign-ins that arrive in the meantime move nothing. */
function position(signIn: GraphObject): string {
  return `${when(signIn)} ${signIn.id}`;
}

function take(log: SignInLog, filter: SignInFilter, after: string | undefined, most: number): readonly GraphObject[] {
  const found: GraphObject[] = [];
  const [lastAt, lastId = ''] = after?.split(' ') ?? [];
  for (const signIn of log.newestFirst(lastAt ?? filter.upTo)) {
    const at = when(signIn);
    if (found.length === most || at < filter.from) break;
    const isBehind = at !== lastAt || signIn.id < lastId;
    if (isBehind && filter.accepts(signIn)) found.push(signIn);
  }
  return found;
}

function lostPage() {
  return badRequest('Token not found: token is either invalid or expired', 'UnknownError');
}

import type { DirectoryTable } from '../tenant/directory-table.js';
import type { GraphRequest } from './answer.js';
import type { DeltaState } from './delta-state.js';
import { GraphFailure } from './graph-failure.js';

/** The position of a request: the start of a round, or where its token says. */
export function startedRound(request: GraphRequest, table: DirectoryTable): DeltaState {
  const { call, tenant } = request;
  const upTo = table.feed.sequence;
  const fresh = { tenantId: tenant.tenantId, path: call.path, select: call.query.get('$select'), since: upTo };
  const page = call.query.get('$skiptoken');
  if (page !== null) return remembered(request, page);
  const token = call.query.get('$deltatoken');
  if (token === 'latest') return { ...fresh, page: null };
  // Graph itself sends an empty token in `Location` if a round must start again.
  if (token === null || token === '') return { ...fresh, page: { round: 'initial', after: -1, upTo } };
  return { ...remembered(request, token), page: { round: 'changes', after: 0, upTo } };
}

/** @see https://learn.microsoft.com/graph/delta-query-overview#synchronization-reset */
function remembered({ world, call, tenant }: GraphRequest, token: string): DeltaState {
  const state = world.deltaTokens.read(token);
  if (state === 'expired') {
    throw new GraphFailure(
      410,
      'resyncRequired',
      'The delta token is no longer valid, and the app must reset the sync state.',
      { Location: `${world.url}${call.path}?$deltatoken=` },
    );
  }
  if (state === 'unknown' || state.tenantId !== tenant.tenantId || state.path !== call.path) {
    throw new GraphFailure(
      400,
      'syncStateNotFound',
      'The sync state generation is not found. The delta token is expired and data must be synchronized again.',
    );
  }
  return state;
}

import { RollcallError } from '../../../errors.js';
import type { Mark } from '../../../store/index.js';
import { isLacking } from '../../permissions.js';
import type { Parents } from '../../task.js';

type NoneOf = Pick<Parents, 'kind' | 'permission' | 'mustRead'>;

/**
 * Why a run fails that could read no parent; undefined if it need not fail.
 * @param marked all parents
 * @param roles undefined if the token does not say them
 */
export function noneRead(
  parents: NoneOf,
  marked: readonly Pick<Mark, 'kind' | 'reason' | 'name'>[],
  roles: readonly string[] | undefined,
): RollcallError | undefined {
  const skipped = marked.filter(({ kind }) => kind === 'skipped');
  // Some children of an incomplete parent were read.
  if (skipped.some(({ reason }) => reason === 'incomplete')) return undefined;
  // If Graph shows a forbidden parent, the application does not lack the permission.
  const isForbidden = ({ reason, name }: Pick<Mark, 'reason' | 'name'>) =>
    reason === 'forbidden' && (parents.mustRead || name === null);
  const forbidden = skipped.filter(isForbidden).length;
  if (skipped.length === 0) return undefined;
  // A token that does not say what it may read, and is refused everywhere, may lack the permission.
  if (!parents.mustRead && (forbidden === 0 || roles !== undefined)) return undefined;
  return forbidden < skipped.length
    ? notFound(parents, skipped.length, forbidden)
    : forbiddenAll(parents, skipped.length, roles);
}

function notFound({ kind }: NoneOf, all: number, forbidden: number): RollcallError {
  const also = forbidden === 0 ? '' : `, and forbids ${forbidden} of them (403)`;
  return new RollcallError(
    'graph_not_found',
    `Graph does not find what it lists (404 or 410)${also}: none of the ${all} ${kind}s could be read`,
    'Nothing was removed. Check GRAPH_BASE_URL, and proxies and gateways on the way to Graph; then run it again.',
  );
}

function forbiddenAll({ kind, permission }: NoneOf, all: number, roles: readonly string[] | undefined): RollcallError {
  const isGranted = roles !== undefined && !isLacking(permission, roles);
  const why = isGranted ? `, although the token has ${permission}` : `: the application lacks ${permission}`;
  return new RollcallError(
    'graph_forbidden',
    `Graph forbids this (403)${why}: none of the ${all} ${kind}s could be read`,
    isGranted
      ? 'Nothing was removed. See what Graph says: rollcall access-log --failed. Then run it again.'
      : `Nothing was removed. Grant the application permission ${permission} in the app registration and have an administrator consent to it.`,
  );
}

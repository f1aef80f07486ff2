import { belowVersion } from '../http/below-version.js';
import type { GraphRequest } from '../compose.js';

/** `directory` counts resource units, `reports` counts requests. */
export type Bucket = 'directory' | 'reports';

/** What a request is thought to cost before Graph has said so. */
export interface Price {
  readonly bucket: Bucket;
  readonly units: number;
}

const ID = '[^/]+';

/** Base costs; every path that is not listed costs 1. `delta` is no id. */
const BASE: readonly (readonly [RegExp, number])[] = [
  [/^users$/, 2],
  [/^applications$/, 2],
  [/^(subscribedSkus|contracts)$/, 3],
  [/^oauth2PermissionGrants$/, 2],
  [new RegExp(`^groups/${ID}/members(/|$)`), 3],
  [new RegExp(`^groups/${ID}/transitiveMembers(/|$)`), 5],
  [new RegExp(`^servicePrincipals/${ID}/appRoleAssignments$`), 2],
  [new RegExp(`^users/${ID}/(memberOf|ownedObjects|transitiveMemberOf|licenseDetails)(/|$)`), 2],
  [new RegExp(`^domains/${ID}/domainNameReferences$`), 4],
];

const REPORT = /^(auditLogs|reports)\//;
const BATCH = '$batch';
const IDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const SMALL_PAGE = 20;
/** Bodies that differ by less are of batches of about as many requests. */
const BODY_STEP = 1000;

/**
 * The price of a request. A batch costs nothing: the requests in it have paid, each for itself. A link that Graph gave may
 * hide `$select` and `$top` in its token: what Graph says of its cost then corrects ours.
 * @see https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 */
export function priceOf({ url }: Pick<GraphRequest, 'url'>): Price {
  const path = belowVersion(url);
  const query = url.searchParams;
  if (path === BATCH) return { bucket: 'directory', units: 0 };
  if (REPORT.test(path)) return { bucket: 'reports', units: 1 };
  const base = BASE.find(([pattern]) => pattern.test(path))?.[1] ?? 1;
  const select = query.has('$select') ? -1 : 0;
  const expand = query.has('$expand') ? 1 : 0;
  const small = Number(query.get('$top') ?? SMALL_PAGE) < SMALL_PAGE ? -1 : 0;
  return { bucket: 'directory', units: Math.max(1, base + select + expand + small) };
}

/** The same for requests that do about the same work, for whatever object. */
export function kindOf({ url, body = '' }: Pick<GraphRequest, 'url' | 'body'>): string {
  return `${belowVersion(url).replaceAll(IDS, '*')} ${Math.ceil(body.length / BODY_STEP)}`;
}

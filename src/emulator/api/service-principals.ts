import type { GraphObject } from '../tenant/graph-object.js';
import type { TenantData } from '../tenant/tenant-data.js';
import { entity, type Answer, type GraphRequest, type Route } from './answer.js';
import { countRoute } from './count.js';
import { notFound } from './graph-failure.js';
import { list } from './listing.js';
import { projector } from './object-type.js';
import { checkOptions } from './query-options.js';
import { selected } from './select.js';
import { SERVICE_PRINCIPAL } from './service-principal-type.js';

/** Who may read applications. */
export const APPLICATION_PERMISSIONS = ['Application.Read.All', 'Directory.Read.All'];

/** @see https://learn.microsoft.com/graph/api/serviceprincipal-list */
export const servicePrincipals: Route = {
  pattern: /^\/servicePrincipals$/,
  permissions: APPLICATION_PERMISSIONS,
  units: 1,
  answer(request) {
    checkOptions(request.call, { known: ['$select', '$top', '$count'], refused: ['$skip'] });
    return list(request, {
      name: 'servicePrincipals',
      type: SERVICE_PRINCIPAL,
      table: request.tenant.servicePrincipals,
    });
  },
};

/** @see https://learn.microsoft.com/graph/aad-advanced-queries */
export const servicePrincipalsCount = countRoute(
  { pattern: /^\/servicePrincipals\/\$count$/, permissions: APPLICATION_PERMISSIONS, units: 1 },
  ({ tenant }) => tenant.servicePrincipals.size,
);

/** By object id, or by application id. @see https://learn.microsoft.com/graph/api/serviceprincipal-get */
export const servicePrincipal: Route = {
  pattern: /^\/servicePrincipals(?:\/([^/]+)|\(appId='([^']+)'\))$/,
  permissions: APPLICATION_PERMISSIONS,
  units: 1,
  answer(request: GraphRequest): Answer {
    checkOptions(request.call, { known: ['$select'] });
    const select = request.call.query.get('$select');
    const fields = selected(SERVICE_PRINCIPAL, select);
    const context = select === null ? 'servicePrincipals' : `servicePrincipals(${fields.join(',')})`;
    return entity(
      request.world,
      `${context}/$entity`,
      projector(SERVICE_PRINCIPAL, fields)(findServicePrincipal(request)),
    );
  },
};

/** The service principal that the path names. */
export function findServicePrincipal({ tenant, parameters }: GraphRequest): GraphObject {
  const [id, appId] = parameters;
  const found = appId === undefined ? tenant.servicePrincipals.get(id ?? '') : byAppId(tenant, appId);
  if (found === undefined) throw notFound(appId ?? id ?? '');
  return found;
}

function byAppId({ servicePrincipals }: TenantData, appId: string): GraphObject | undefined {
  const wanted = appId.toLowerCase();
  for (const place of servicePrincipals.places(-1, Infinity)) {
    const candidate = servicePrincipals.at(place);
    if (String(candidate['appId']).toLowerCase() === wanted) return candidate;
  }
  return undefined;
}

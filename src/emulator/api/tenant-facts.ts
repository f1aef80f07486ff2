import type { GraphObject } from '../tenant/graph-object.js';
import { contextOf, entity, type Answer, type GraphRequest, type Route } from './answer.js';

/** What is too small to be paged, filtered or chosen from: the options of OData change nothing here. */
function whole(name: string, { world }: GraphRequest, value: readonly GraphObject[]): Answer {
  return { body: JSON.stringify({ '@odata.context': contextOf(world, name), value }) };
}

/** @see https://learn.microsoft.com/graph/api/organization-list */
export const organization: Route = {
  pattern: /^\/organization$/,
  permissions: ['User.Read.All', 'Organization.Read.All', 'Directory.Read.All', 'User.ReadBasic.All'],
  units: 1,
  answer: (request) => whole('organization', request, [request.tenant.organization]),
};

/** @see https://learn.microsoft.com/graph/api/subscribedsku-list */
export const subscribedSkus: Route = {
  pattern: /^\/subscribedSkus$/,
  permissions: ['LicenseAssignment.Read.All', 'Organization.Read.All', 'Directory.Read.All'],
  units: 3,
  answer: (request) => whole('subscribedSkus', request, request.tenant.subscribedSkus),
};

/** @see https://learn.microsoft.com/graph/api/domain-list */
export const domains: Route = {
  pattern: /^\/domains$/,
  permissions: ['Domain.Read.All', 'Directory.Read.All'],
  units: 1,
  answer: (request) => whole('domains', request, request.tenant.verifiedDomains),
};

/** @see https://learn.microsoft.com/graph/api/adminreportsettings-get */
export const reportSettings: Route = {
  pattern: /^\/admin\/reportSettings$/,
  permissions: ['ReportSettings.Read.All'],
  units: 1,
  answer: ({ world, tenant }) =>
    entity(world, 'admin/reportSettings/$entity', { displayConcealedNames: tenant.concealedNames }),
};

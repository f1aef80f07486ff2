import { selectOf, withQuery } from '../../graph/index.js';
import { organizations, servicePrincipals, syncTable } from '../../store/index.js';
import { defineCollection, defineTask } from '../define-task.js';
import { tracked } from '../reading/tracked/tracked.js';
import { graphOrganization, graphServicePrincipal } from './item.js';
import { recordSecretExpiry } from './record-secret-expiry.js';
import { toOrganizationRow, toServicePrincipalRow } from './normalize.js';
import { servicePrincipalSources } from './sources.js';

const principalSelect = selectOf(graphServicePrincipal);
const organizationSelect = selectOf(graphOrganization);

/**
 * What: every service principal of the directory, and the name of the organization.
 * When: every night.
 * Changes: a delta query; everything again after FULL_READ_EVERY_DAYS, or if Graph has lost the delta link.
 * Removals: Graph says so in a delta query, or a listing that Graph's count proves complete lacks the application.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-list https://learn.microsoft.com/graph/api/serviceprincipal-delta
 */
export const applicationDiscovery = defineTask({
  name: 'application-discovery',
  summary: 'which applications exist',
  permissions: ['Application.Read.All', 'User.Read.All'],
  schedules: ['nightly'],
  dependsOn: [],
  view: 'rollcall.discovered_applications',
  afterRead: recordSecretExpiry,
  collections: [
    defineCollection({
      resource: '/servicePrincipals',
      table: syncTable(servicePrincipals, ['applicationName', 'appInstanceId']),
      item: graphServicePrincipal,
      identity: graphServicePrincipal.pick({ id: true }).transform(({ id }) => ({ appInstanceId: id })),
      toRow: toServicePrincipalRow,
      select: principalSelect,
      ...tracked({
        path: '/servicePrincipals',
        what: 'applications',
        select: principalSelect,
        sources: servicePrincipalSources,
      }),
    }),
    defineCollection({
      resource: '/organization',
      isSingle: true,
      table: syncTable(organizations, ['displayName', 'organizationId']),
      item: graphOrganization,
      identity: graphOrganization.pick({ id: true }).transform(({ id }) => ({ organizationId: id })),
      toRow: toOrganizationRow,
      select: organizationSelect,
      read: ({ graph, from }) => graph.pages(from ?? withQuery('/organization', { $select: organizationSelect })),
    }),
  ],
});

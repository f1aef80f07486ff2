import { selectOf, withQuery } from '../../graph/index.js';
import { organizations, servicePrincipals, syncTable } from '../../store/index.js';
import { readWithDelta } from '../read-with-delta.js';
import { defineCollection, defineTask } from '../task.js';
import { graphOrganization, graphServicePrincipal } from './graph-service-principal.js';
import { noticeSecret } from './notice-secret.js';
import { toOrganizationRow, toServicePrincipalRow } from './normalize.js';

const principalSelect = selectOf(graphServicePrincipal);
const organizationSelect = selectOf(graphOrganization);

export const applicationDiscovery = defineTask({
  name: 'application-discovery',
  summary: 'which applications exist',
  permissions: ['Application.Read.All', 'User.Read.All'],
  schedules: ['nightly'],
  needs: [],
  view: 'rollcall.discovered_applications',
  notice: noticeSecret,
  collections: [
    defineCollection({
      resource: '/servicePrincipals',
      table: syncTable(servicePrincipals),
      item: graphServicePrincipal,
      identity: graphServicePrincipal.pick({ id: true }).transform(({ id }) => ({ appInstanceId: id })),
      toRow: toServicePrincipalRow,
      select: principalSelect,
      read: (options) =>
        readWithDelta(options, {
          list: withQuery('/servicePrincipals', { $select: principalSelect, $top: 999 }),
          delta: withQuery('/servicePrincipals/delta', { $select: principalSelect }),
          object: (id) => withQuery(`/servicePrincipals/${id}`, { $select: principalSelect }),
          always: ['appId', 'displayName', 'servicePrincipalType'],
        }),
    }),
    defineCollection({
      resource: '/organization',
      isSingle: true,
      table: syncTable(organizations),
      item: graphOrganization,
      identity: graphOrganization.pick({ id: true }).transform(({ id }) => ({ organizationId: id })),
      toRow: toOrganizationRow,
      select: organizationSelect,
      read: ({ graph, from }) => graph.pages(from ?? withQuery('/organization', { $select: organizationSelect })),
    }),
  ],
});

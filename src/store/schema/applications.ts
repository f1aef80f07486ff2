import { and, eq, isNull, sql } from 'drizzle-orm';
import { boolean, index, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { contract, data } from './schemas.js';
import { syncColumns } from './sync-columns.js';

export const servicePrincipals = data.table(
  'service_principals',
  {
    tenantId: uuid('tenant_id').notNull(),
    appInstanceId: uuid('app_instance_id').notNull(),
    applicationId: uuid('application_id'),
    applicationName: text('application_name'),
    /** Application, ManagedIdentity, ServiceIdentity, … An open list. */
    servicePrincipalType: text('service_principal_type'),
    assignmentRequired: boolean('assignment_required'),
    ownerTenantId: uuid('owner_tenant_id'),
    verifiedPublisher: text('verified_publisher'),
    ssoMode: text('sso_mode'),
    exposesScopes: boolean('exposes_scopes').notNull(),
    accountEnabled: boolean('account_enabled'),
    ...syncColumns,
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.appInstanceId] }),
    index('service_principals_by_application').on(table.tenantId, table.applicationId),
  ],
);

export const organizations = data.table(
  'organizations',
  {
    tenantId: uuid('tenant_id').notNull(),
    organizationId: uuid('organization_id').notNull(),
    displayName: text('display_name'),
    ...syncColumns,
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.organizationId] })],
);

// The tenants that Microsoft's own applications belong to.
const MICROSOFT = sql.raw("('f8cdef31-a31e-4b4a-93e4-5f571e91255a', '72f988bf-86f1-41af-91ab-2d7cd011db47')");

export const discoveredApplications = contract.view('discovered_applications').as((query) =>
  query
    .select({
      tenantId: servicePrincipals.tenantId,
      applicationId: servicePrincipals.applicationId,
      applicationName: servicePrincipals.applicationName,
      appInstanceId: servicePrincipals.appInstanceId,
      openAccess: sql<boolean | null>`not ${servicePrincipals.assignmentRequired}`.as('open_access'),
      publisher: sql<string | null>`coalesce(${servicePrincipals.verifiedPublisher},
        case when ${servicePrincipals.ownerTenantId} in ${MICROSOFT} then 'Microsoft'
             when ${servicePrincipals.ownerTenantId} = ${servicePrincipals.tenantId} then ${organizations.displayName} end)`.as(
        'publisher',
      ),
      oauth2Integration:
        sql<boolean>`coalesce(${servicePrincipals.ssoMode} = 'oidc', ${servicePrincipals.exposesScopes})`.as(
          'oauth2_integration',
        ),
      ssoMode: servicePrincipals.ssoMode,
      accountEnabled: servicePrincipals.accountEnabled,
      firstSeenAt: servicePrincipals.firstSeenAt,
      changedAt: servicePrincipals.changedAt,
    })
    .from(servicePrincipals)
    .leftJoin(
      organizations,
      and(
        eq(organizations.tenantId, servicePrincipals.tenantId),
        eq(organizations.organizationId, servicePrincipals.tenantId),
        isNull(organizations.removedAt),
      ),
    )
    .where(
      and(
        isNull(servicePrincipals.removedAt),
        sql`${servicePrincipals.servicePrincipalType} is distinct from 'ManagedIdentity'`,
        sql`${servicePrincipals.servicePrincipalType} is distinct from 'ServiceIdentity'`,
      ),
    ),
);

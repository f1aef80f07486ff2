import type { Config, TenantConfig } from '../settings/config.js';
import { RollcallError } from '../errors.js';
import type { DescribedTenant } from '../jobs/worker/served-tenants.js';
import { listTenants, toColumns, type Database, type KeptTenant } from '../store/index.js';
import type { TenantSettings } from '../settings/tenant.js';

/** How a tenant is reached. A secret of the environment is in it, so it is for opening the tenant and nothing else. */
export type Access =
  | { readonly from: 'environment'; readonly tenant: TenantConfig }
  | ({ readonly from: 'database' } & Pick<
      KeptTenant,
      'clientId' | 'credential' | 'secretRef' | 'passwordRef' | 'cloud'
    >);

export type Described = DescribedTenant<Access>;

/**
 * Every tenant there is: the one that the environment describes, and those that are kept in the database, disabled ones included. Of a
 * tenant that both describe, what is kept holds: it can be disabled while a worker runs.
 */
export async function describeTenants(config: Config, database: Database): Promise<Described[]> {
  const kept = (await listTenants(database)).map((tenant) => describeKept(tenant, config));
  const own = environmentTenant(config);
  const isKept = kept.some(({ tenantId }) => tenantId === own?.tenantId);
  return own === undefined || isKept ? kept : [own, ...kept];
}

export function environmentTenant({ tenant, schedule }: Config): Described | undefined {
  if (tenant === undefined) return undefined;
  const { tenantId, filters } = tenant;
  return { tenantId, name: tenantId, enabled: true, filters, schedule, access: { from: 'environment', tenant } };
}

export function describeKept(
  tenant: Omit<KeptTenant, 'createdAt' | 'changedAt'>,
  { schedule }: Pick<Config, 'schedule'>,
): Described {
  const { tenantId, name, clientId, credential, secretRef, passwordRef, cloud } = tenant;
  return {
    tenantId,
    name,
    enabled: tenant.disabledAt === null && tenant.removingAt === null,
    filters: {
      includeGuests: tenant.includeGuests,
      includeAgents: tenant.includeAgents,
      domainNames: tenant.domainNames,
    },
    schedule: {
      nightly: tenant.scheduleNightly ?? schedule.nightly,
      'sso-access': tenant.scheduleSsoAccess ?? schedule['sso-access'],
      timeZone: tenant.scheduleTimeZone ?? schedule.timeZone,
    },
    access: { from: 'database', clientId, credential, secretRef, passwordRef, cloud },
  };
}

/** One that is not kept yet. */
export const describeSettings = (settings: TenantSettings, config: Config): Described =>
  describeKept({ ...toColumns(settings), disabledAt: null, removingAt: null }, config);

/** The application that reads a tenant, and how it logs in; its secret need not be there. */
export const applicationOf = (access: Access) =>
  access.from === 'environment'
    ? { clientId: access.tenant.clientId, kind: access.tenant.credential.kind }
    : { clientId: access.clientId, kind: access.credential };

/** Those of a name or id, or all enabled ones. @throws RollcallError `not_found`, `tenant_refused`, `settings_invalid` */
export function chooseTenants(described: readonly Described[], nameOrId: string | undefined): Described[] {
  if (nameOrId === undefined) {
    const enabled = described.filter(({ enabled }) => enabled);
    if (enabled.length === 0) throw described.length === 0 ? noTenant() : allDisabled(described);
    return enabled;
  }
  const chosen = described.find(({ name, tenantId }) => name === nameOrId || tenantId === nameOrId.toLowerCase());
  if (chosen === undefined) throw notDescribed(nameOrId);
  if (chosen.enabled) return [chosen];
  throw new RollcallError(
    'tenant_refused',
    `Tenant ${chosen.name} is disabled, or being removed`,
    `To have it read again: rollcall tenants enable ${JSON.stringify(chosen.name)}`,
  );
}

const allDisabled = ([first]: readonly Described[]) =>
  new RollcallError(
    'tenant_refused',
    'Every tenant that is described is disabled, or being removed',
    `See them: rollcall tenants list. To have one read again: rollcall tenants enable ${JSON.stringify(first?.name)}`,
  );

export const noTenant = () =>
  new RollcallError(
    'settings_invalid',
    'No tenant is described: AZURE_TENANT_ID is not set, and no enabled tenant is kept in the database',
    'Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (.env.example shows all settings), or add a tenant: rollcall tenants add --help',
  );

export const notDescribed = (nameOrId: string) =>
  new RollcallError(
    'not_found',
    `No tenant ${nameOrId} is described, in the environment or in the database`,
    'See which there are: rollcall tenants list. To add one: rollcall tenants add --help',
  );

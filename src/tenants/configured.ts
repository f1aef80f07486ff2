import type { Config } from '../settings/config.js';
import { perSchedule } from '../settings/schedules.js';
import { RollcallError } from '../errors.js';
import type { ConfiguredTenant } from '../jobs/worker/served-tenants.js';
import { listTenants, toColumns, type Database, type RegisteredTenant } from '../store/index.js';
import type { TenantSettings } from '../settings/tenant.js';

/**
 * Every configured tenant, disabled ones included. If the environment names a tenant that is registered as well, the database decides:
 * so it can be disabled while a worker runs.
 */
export async function configuredTenants(config: Config, database: Database): Promise<ConfiguredTenant[]> {
  const registered = (await listTenants(database)).map((tenant) => fromDatabase(tenant, config));
  const isRegistered = (own: ConfiguredTenant) => registered.some(({ tenantId }) => tenantId === own.tenantId);
  return [...fromEnvironment(config).filter((own) => !isRegistered(own)), ...registered];
}

/** The tenant of the environment, if it names one. */
export function fromEnvironment({ tenant, schedule }: Config): ConfiguredTenant[] {
  return tenant === undefined ? [] : [{ ...tenant, name: tenant.tenantId, registered: false, enabled: true, schedule }];
}

export function fromDatabase(
  tenant: Omit<RegisteredTenant, 'createdAt' | 'changedAt'>,
  { schedule }: Pick<Config, 'schedule'>,
): ConfiguredTenant {
  const { tenantId, name, clientId, credential, secretRef, passwordRef, cloud } = tenant;
  const { includeGuests, includeAgents, domainNames } = tenant;
  return {
    tenantId,
    name,
    registered: true,
    enabled: tenant.disabledAt === null && tenant.removingAt === null,
    filters: { includeGuests, includeAgents, domainNames },
    schedule: {
      ...perSchedule('name', ({ name, column }) => tenant[column] ?? schedule[name]),
      timeZone: tenant.scheduleTimeZone ?? schedule.timeZone,
    },
    access: { clientId, credential, secretRef, passwordRef, cloud },
  };
}

/** A tenant that is not registered yet. */
export const fromSettings = (settings: TenantSettings, config: Config): ConfiguredTenant =>
  fromDatabase({ ...toColumns(settings), disabledAt: null, removingAt: null }, config);

/** The one with a name or id, or all enabled ones. @throws RollcallError `not_found`, `tenant_refused`, `settings_invalid` */
export function chooseTenants(
  configured: readonly ConfiguredTenant[],
  nameOrId: string | undefined,
): ConfiguredTenant[] {
  if (nameOrId === undefined) {
    const enabled = configured.filter(({ enabled }) => enabled);
    if (enabled.length === 0) throw configured.length === 0 ? noTenant() : allDisabled(configured);
    return enabled;
  }
  const chosen = configured.find(({ name, tenantId }) => name === nameOrId || tenantId === nameOrId.toLowerCase());
  if (chosen === undefined) throw notConfigured(nameOrId);
  if (chosen.enabled) return [chosen];
  throw new RollcallError(
    'tenant_refused',
    `Tenant ${chosen.name} is disabled, or being removed`,
    `To have it read again: rollcall tenants enable ${JSON.stringify(chosen.name)}`,
  );
}

const allDisabled = ([first]: readonly ConfiguredTenant[]) =>
  new RollcallError(
    'tenant_refused',
    'Every configured tenant is disabled, or being removed',
    `See them: rollcall tenants list. To have one read again: rollcall tenants enable ${JSON.stringify(first?.name)}`,
  );

export const noTenant = () =>
  new RollcallError(
    'settings_invalid',
    'No tenant is configured: AZURE_TENANT_ID is not set, and the database has no enabled tenant',
    'Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (.env.example shows all settings), or add a tenant: rollcall tenants add --help',
  );

export const notConfigured = (nameOrId: string) =>
  new RollcallError(
    'not_found',
    `No tenant ${nameOrId} is configured, in the environment or in the database`,
    'See which there are: rollcall tenants list. To add one: rollcall tenants add --help',
  );

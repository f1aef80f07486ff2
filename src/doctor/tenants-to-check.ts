import type { Config } from '../settings/config.js';
import { accountOf, type Account } from '../settings/credential.js';
import { hostsOf } from '../settings/clouds.js';
import { openCredential } from '../graph/index.js';
import { configuredTenants, fromEnvironment, notConfigured } from '../tenants/configured.js';
import type { ConfiguredTenant } from '../jobs/worker/served-tenants.js';
import type { CheckedDatabase } from './database.js';
import type { TenantCheck } from './tenant-check.js';

/** A configured tenant. */
export type TenantToCheck = Pick<TenantCheck, 'tenantId' | 'openCredential' | 'endpoints'> & {
  /** What people call it. */
  readonly name: string;
  readonly account: Account;
};

/**
 * The tenants to check: that of the environment and, if the database can be used, the enabled ones that are registered there.
 * @param only the name or id of one, which may be disabled
 * @throws RollcallError `not_found`
 */
export async function tenantsToCheck(
  config: Config,
  { usable, hidesTenants }: Pick<CheckedDatabase, 'usable' | 'hidesTenants'>,
  only: string | undefined,
): Promise<TenantToCheck[]> {
  const configured = usable === undefined ? fromEnvironment(config) : await configuredTenants(config, usable);
  const chosen = configured.filter(({ tenantId, name, enabled }) =>
    only === undefined ? enabled : only === name || only.toLowerCase() === tenantId,
  );
  if (only !== undefined && chosen.length === 0 && !hidesTenants) throw notConfigured(only);
  return chosen.map((each) => tenantToCheck(config, each));
}

export const tenantToCheck = (config: Config, { tenantId, name, access }: ConfiguredTenant): TenantToCheck => ({
  tenantId,
  name,
  account: accountOf({ tenantId, clientId: access.clientId, kind: access.credential }),
  openCredential: () => openCredential({ tenantId, access }, config.readSecret),
  endpoints: { ...config, ...hostsOf(access.cloud, config) },
});

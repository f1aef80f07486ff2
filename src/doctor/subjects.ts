import type { Config } from '../settings/config.js';
import { accountOf, type Account } from '../settings/credential.js';
import { hostsOf } from '../settings/clouds.js';
import { openCredential } from '../graph/index.js';
import { configuredTenants, fromEnvironment, notConfigured } from '../tenants/configured.js';
import type { ConfiguredTenant } from '../jobs/worker/served-tenants.js';
import type { ExaminedDatabase } from './database.js';
import type { Examination } from './examination.js';

/** A configured tenant. */
export type Subject = Pick<Examination, 'tenantId' | 'openCredential' | 'way'> & {
  /** What people call it. */
  readonly name: string;
  readonly account: Account;
};

/**
 * The tenants to look at: that of the environment and, if the database can be used, the enabled ones that are registered there.
 * @param only the name or id of one, which may be disabled
 * @throws RollcallError `not_found`
 */
export async function subjectsOf(
  config: Config,
  { usable, hidesTenants }: Pick<ExaminedDatabase, 'usable' | 'hidesTenants'>,
  only: string | undefined,
): Promise<Subject[]> {
  const configured = usable === undefined ? fromEnvironment(config) : await configuredTenants(config, usable);
  const chosen = configured.filter(({ tenantId, name, enabled }) =>
    only === undefined ? enabled : only === name || only.toLowerCase() === tenantId,
  );
  if (only !== undefined && chosen.length === 0 && !hidesTenants) throw notConfigured(only);
  return chosen.map((each) => subjectOf(config, each));
}

export const subjectOf = (config: Config, { tenantId, name, access }: ConfiguredTenant): Subject => ({
  tenantId,
  name,
  account: accountOf({ tenantId, clientId: access.clientId, kind: access.credential }),
  openCredential: () => openCredential({ tenantId, access }, config.readSecret),
  way: { ...config, ...hostsOf(access.cloud, config) },
});

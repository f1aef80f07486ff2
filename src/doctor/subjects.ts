import type { Config } from '../settings/config.js';
import { accountOf, type Account } from '../settings/credential.js';
import {
  applicationOf,
  describeTenants,
  environmentTenant,
  notDescribed,
  type Described,
} from '../tenants/configured.js';
import { hostsOf, loginOf } from '../tenants/login.js';
import type { Database } from '../store/index.js';
import type { Examination } from './examination.js';

/** A tenant that is described somewhere. */
export type Subject = Pick<Examination, 'tenantId' | 'login' | 'way'> & {
  /** What people call it. */
  readonly name: string;
  readonly account: Account;
};

/**
 * The tenants to look at: that of the environment and, where the database can be used, the enabled ones that are kept there.
 * @param only the name or id of one, which may be disabled
 * @throws RollcallError `not_found`
 */
export async function subjectsOf(
  config: Config,
  database: Database | undefined,
  only: string | undefined,
): Promise<Subject[]> {
  const own = environmentTenant(config);
  const described = database === undefined ? (own === undefined ? [] : [own]) : await describeTenants(config, database);
  const chosen = described.filter(({ tenantId, name, enabled }) =>
    only === undefined ? enabled : only === name || only.toLowerCase() === tenantId,
  );
  if (only !== undefined && chosen.length === 0) throw notDescribed(only);
  return chosen.map((each) => subjectOf(config, each));
}

export const subjectOf = (config: Config, { tenantId, name, access }: Described): Subject => ({
  tenantId,
  name,
  account: accountOf({ tenantId, ...applicationOf(access) }),
  login: () => loginOf(tenantId, access, config.readSecret),
  way: { ...config, ...hostsOf(config, access) },
});

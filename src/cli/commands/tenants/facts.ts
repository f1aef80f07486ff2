import type { App } from '../../../app.js';
import type { Config, TenantConfig } from '../../../settings/config.js';
import { findTenant, findTenantFacts, toSettings, type RegisteredTenant } from '../../../store/index.js';
import { toFacts } from '../../run-facts.js';

/** What is known of a kept tenant, under the names of `tenants.yaml`. */
export async function factsOf({ database }: App, tenantId: string): Promise<Record<string, unknown>> {
  const kept = await findTenant(database, tenantId);
  if (kept === undefined) return {};
  const { createdAt, changedAt, disabledAt } = kept;
  const facts = await findTenantFacts(database, tenantId);
  return {
    ...toSettings(kept),
    state: stateOf(kept, facts?.loginError ?? null),
    ...toFacts({ createdAt, changedAt, disabledAt }),
    login_error: facts?.loginError ?? null,
    login_advice: facts?.loginAdvice ?? null,
    described_by: 'database',
  };
}

/** The same of the tenant that the environment describes. */
export function factsOfOwn(
  { tenantId, access, filters }: TenantConfig,
  schedule: Config['schedule'],
): Record<string, unknown> {
  return {
    name: null,
    tenant_id: tenantId,
    client_id: access.clientId,
    credential: access.credential,
    secret_ref: access.secretRef,
    password_ref: access.passwordRef,
    cloud: null,
    include_guests: filters.includeGuests,
    include_agents: filters.includeAgents,
    domain_names: filters.domainNames,
    schedule_nightly: schedule.nightly,
    schedule_sso_access: schedule['sso-access'],
    schedule_time_zone: schedule.timeZone,
    state: 'enabled',
    described_by: 'environment',
  };
}

export function stateOf({ removingAt, disabledAt }: RegisteredTenant, loginError: string | null): string {
  if (removingAt !== null) return 'being removed';
  if (disabledAt !== null) return 'disabled';
  return loginError === null ? 'enabled' : 'login fails';
}

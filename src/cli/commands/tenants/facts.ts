import type { App } from '../../../app.js';
import type { Config, TenantConfig } from '../../../settings/config.js';
import { snakeKeys } from '../../../settings/key-names.js';
import { perSchedule } from '../../../settings/schedules.js';
import { findTenant, findTenantFacts, toSettings, type RegisteredTenant } from '../../../store/index.js';
import { toFacts } from '../../run-facts.js';

/** What is known of a registered tenant, under the names of `tenants.yaml`. */
export async function factsOf({ database }: App, tenantId: string): Promise<Record<string, unknown>> {
  const registered = await findTenant(database, tenantId);
  if (registered === undefined) return {};
  const { createdAt, changedAt, disabledAt } = registered;
  const facts = await findTenantFacts(database, tenantId);
  return {
    ...toSettings(registered),
    state: stateOf(registered, facts?.loginError ?? null),
    ...toFacts({ createdAt, changedAt, disabledAt }),
    login_error: facts?.loginError ?? null,
    login_advice: facts?.loginAdvice ?? null,
    described_by: 'database',
  };
}

/** The same for the tenant of the environment. */
export function factsOfOwn(
  { tenantId, access, filters }: TenantConfig,
  schedule: Config['schedule'],
): Record<string, unknown> {
  return {
    ...snakeKeys({ name: null, tenantId, ...access, ...filters }),
    ...perSchedule('field', ({ name }) => schedule[name]),
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

import type { TenantFacts } from '../store/index.js';

/** Of a client secret that is about to expire, as the last run saw it; undefined where there is none to warn of. */
export async function secretWarning(facts: TenantFacts | undefined, name: string): Promise<string | undefined> {
  const { endsSoon, NEW_SECRET } = await import('../graph/index.js');
  const { secretExpiresAt } = facts ?? {};
  const when = secretExpiresAt ? endsSoon(new Date(secretExpiresAt)) : undefined;
  return when === undefined ? undefined : `the client secret for tenant ${name} ${when}. ${NEW_SECRET}`;
}

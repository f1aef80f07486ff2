import type { TenantData } from '../tenant/tenant-data.js';

/** A tenant by its id or by one of its domain names, as they stand in a path of the login. */
export function findTenant(tenants: ReadonlyMap<string, TenantData>, name: string): TenantData | undefined {
  const wanted = name.toLowerCase();
  return [...tenants.values()].find(
    ({ tenantId, domains }) =>
      tenantId.toLowerCase() === wanted || domains.some((name) => name.toLowerCase() === wanted),
  );
}

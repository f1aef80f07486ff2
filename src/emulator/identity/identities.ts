import type { Application, TenantData } from '../tenant/tenant-data.js';

/** A managed identity of the machine that the emulator plays, with the tenant it belongs to. */
export interface Identity {
  readonly tenant: TenantData;
  readonly application: Application;
}

/** The one that was asked for, or why there is none. */
export function findIdentity(
  tenants: ReadonlyMap<string, TenantData>,
  clientId: string | null,
): Identity | 'none' | 'several' {
  const identities = [...tenants.values()].flatMap((tenant) =>
    [...tenant.applications.values()]
      .filter(({ managedIdentity }) => managedIdentity !== undefined)
      .map((application) => ({ tenant, application })),
  );
  if (clientId !== null) {
    return identities.find(({ application }) => application.clientId === clientId.toLowerCase()) ?? 'none';
  }
  const own = identities.find(({ application }) => application.managedIdentity === 'system');
  if (own !== undefined) return own;
  return identities.length > 1 ? 'several' : (identities[0] ?? 'none');
}

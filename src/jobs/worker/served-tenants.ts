import type { Config } from '../../settings/config.js';
import type { Access } from '../../settings/credential.js';
import type { GraphClient } from '../../graph/index.js';
import type { Filters } from '../task.js';

/** A tenant that this process can read. */
export interface Tenant {
  readonly tenantId: string;
  readonly graph: GraphClient;
  readonly filters: Filters;
}

/** A tenant that the environment or the database names. */
export interface ConfiguredTenant {
  readonly tenantId: string;
  /** For logs and people. */
  readonly name: string;
  /** Whether it is in the database; otherwise the environment names it. */
  readonly registered: boolean;
  readonly enabled: boolean;
  readonly filters: Filters;
  readonly schedule: Config['schedule'];
  /** If it or the filters change, the tenant is opened again. */
  readonly access: Access;
}

/** What work on a tenant needs; `left` is aborted when the tenant is served no longer, or under other settings. */
export type TenantWork<T> = (tenant: Tenant, left: AbortSignal) => Promise<T>;

/** The tenants whose jobs a worker takes. */
export interface ServedTenants {
  /** Those that can be worked on now. */
  list(): readonly Tenant[];
  /** Why a tenant cannot: it is disabled or being removed; nobody can log in; it is about to be; undefined of one that is not known here. */
  absent(tenantId: string): 'disabled' | 'unreachable' | 'soon' | undefined;
  /** @returns undefined where the tenant is not served */
  work<T>(tenantId: string, work: TenantWork<T>): Promise<T> | undefined;
  /**
   * To be told that a login was refused: the tenant is opened anew, with its secret read again, when its work has ended. Of one
   * that nobody can log in to: that there is something to do.
   */
  doubt(tenantId: string): void;
}

/** Tenants that never change. */
export const fixedTenants = (tenants: readonly Tenant[]): ServedTenants => ({
  list: () => tenants,
  absent: () => undefined,
  work(tenantId, work) {
    const tenant = tenants.find((each) => each.tenantId === tenantId);
    return tenant === undefined ? undefined : work(tenant, new AbortController().signal);
  },
  doubt() {},
});

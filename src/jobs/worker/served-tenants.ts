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
  /** How to log in. If it or the filters change, the tenant is stopped and started again. */
  readonly access: Access;
}

/** `stopping` is aborted when the tenant is no longer served, or served with other settings. */
export type TenantWork<T> = (tenant: Tenant, stopping: AbortSignal) => Promise<T>;

/** The tenants whose jobs a worker takes. */
export interface ServedTenants {
  /** Those that can be worked on now. */
  list(): readonly Tenant[];
  /** `disabled` includes being removed; `unreachable`: its login failed; undefined: it is not configured here. */
  whyNotServed(tenantId: string): 'disabled' | 'unreachable' | 'starting' | undefined;
  /** @returns undefined if the tenant is not served */
  work<T>(tenantId: string, work: TenantWork<T>): Promise<T> | undefined;
  /** The tenant is started again, with its secret read again, when its jobs have ended; or, if its login has failed, sooner than planned. */
  reportLoginRefused(tenantId: string): void;
}

/** Tenants that never change. */
export const fixedTenants = (tenants: readonly Tenant[]): ServedTenants => ({
  list: () => tenants,
  whyNotServed: () => undefined,
  work(tenantId, work) {
    const tenant = tenants.find((each) => each.tenantId === tenantId);
    return tenant === undefined ? undefined : work(tenant, new AbortController().signal);
  },
  reportLoginRefused() {},
});

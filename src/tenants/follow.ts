import { toRollcallError, type RollcallError } from '../errors.js';
import { createTenantLocks } from '../store/index.js';
import type { ConfiguredTenant, ServedTenants } from '../jobs/worker/served-tenants.js';
import { startTenant, type EntryOptions, type TenantEntry } from './tenant-entry.js';

export interface FollowedTenants extends ServedTenants {
  /** The settings of those that are served. */
  served(): readonly ConfiguredTenant[];
  /** Why a tenant cannot be logged in to, by its id. */
  failures(): ReadonlyMap<string, RollcallError>;
  /** Reconciles now, and waits until every tenant is served or has failed. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface FollowOptions extends EntryOptions {
  readonly readConfigured: () => Promise<readonly ConfiguredTenant[]>;
}

/** How soon a tenant that was added, changed or disabled is noticed. It costs one small query. */
const RECONCILE_MS = 2000;

/** Serves the tenants that are configured, as they are added, changed and removed. A failed login disturbs no other tenant. */
export function followTenants({ readConfigured, ...options }: FollowOptions): FollowedTenants {
  const entries = new Map<string, TenantEntry>();
  const locks = createTenantLocks(options.database);
  let configured: ReadonlyMap<string, ConfiguredTenant> = new Map();
  let reconciling: Promise<void> | undefined;
  let closed = false;

  async function stop(entry: TenantEntry): Promise<void> {
    await entry.stop();
    entries.delete(entry.configured.tenantId);
  }

  async function reconcile(): Promise<void> {
    configured = new Map((await readConfigured()).map((each) => [each.tenantId, each]));
    const removing = new Set(await locks.refresh());
    for (const [tenantId, entry] of entries) {
      const now = configured.get(tenantId);
      const isSame = now?.enabled === true && keyOf(now) === keyOf(entry.configured);
      if (isSame && !removing.has(tenantId) && !entry.needsRestart(Date.now())) entry.configured = now;
      // Its jobs may take long to end: a later round starts it again.
      else void stop(entry);
    }
    if (closed) return;
    for (const [tenantId, each] of configured) {
      if (each.enabled && !entries.has(tenantId)) entries.set(tenantId, startTenant(each, { ...options, locks }));
    }
  }

  function reconcileOnce(): Promise<void> {
    reconciling ??= reconcile()
      .catch((error: unknown) => {
        if (!closed) options.log.warn({ code: toRollcallError(error).code }, 'the tenants could not be looked up');
      })
      .finally(() => (reconciling = undefined));
    return reconciling;
  }

  const timer = setInterval(() => void reconcileOnce(), RECONCILE_MS);
  const states = () => Array.from(entries, ([tenantId, entry]) => ({ tenantId, entry, state: entry.state }));
  return {
    list: () => states().flatMap(({ state }) => (state.kind === 'serving' ? state.tenant : [])),
    served: () => states().flatMap(({ state, entry }) => (state.kind === 'serving' ? entry.configured : [])),
    failures: () =>
      new Map(
        states().flatMap(({ tenantId, state }) => (state.kind === 'failed' ? [[tenantId, state.error] as const] : [])),
      ),
    whyNotServed(tenantId) {
      const found = configured.get(tenantId);
      if (found === undefined) return undefined;
      if (!found.enabled) return 'disabled';
      return entries.get(tenantId)?.state.kind === 'failed' ? 'unreachable' : 'starting';
    },
    work: (tenantId, work) => entries.get(tenantId)?.work(work),
    reportLoginRefused: (tenantId) => entries.get(tenantId)?.reportLoginRefused(),
    async settle() {
      await reconcileOnce();
      await Promise.all(Array.from(entries.values(), ({ started }) => started));
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await reconciling;
      await Promise.all(Array.from(entries.values(), stop));
      locks.close();
    },
  };
}

const keyOf = ({ filters, access }: ConfiguredTenant): string => JSON.stringify([filters, access]);

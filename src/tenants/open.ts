import type { Config } from '../settings/config.js';
import { hostsOf } from '../settings/clouds.js';
import { accountOf } from '../settings/credential.js';
import { systemCode } from '../errors.js';
import { certificateWarning, createGraphClient, openCredential, type Credential } from '../graph/index.js';
import type { ConfiguredTenant } from '../jobs/worker/served-tenants.js';
import type { Budgets } from '../budget-store.js';
import type { Logger } from '../log.js';
import { countUsers, type AccessLog, type Database } from '../store/index.js';
import type { OpenedTenant } from './tenant-entry.js';

interface Recording {
  readonly accessLog: AccessLog;
  readonly log: Logger;
}

/** Logs in to a tenant and keeps nothing of it. @throws RollcallError */
export async function proveLogin(config: Config, tenant: ConfiguredTenant, recording: Recording): Promise<void> {
  const graph = createTenantGraph(config, tenant, await openCredential(tenant, config.readSecret), recording);
  try {
    await graph.signIn();
  } finally {
    await graph.close();
  }
}

export interface OpenOptions extends Recording {
  readonly database: Database;
  readonly budgets: Budgets;
  readonly signal: AbortSignal;
}

/** Logs in, and shares the budget with all processes that read the tenant as this application. @throws RollcallError */
export async function openTenant(
  config: Config,
  tenant: ConfiguredTenant,
  { database, budgets, signal, ...recording }: OpenOptions,
): Promise<OpenedTenant> {
  const { tenantId, access } = tenant;
  const { log } = recording;
  const credential = await openCredential(tenant, config.readSecret);
  log.info({ tenantId, credential: credential.kind }, 'logging in');
  const warning = certificateWarning(credential);
  if (warning !== undefined) log.warn({ tenantId, warning }, 'the certificate is about to expire');
  const graph = createTenantGraph(config, tenant, credential, recording);
  try {
    await graph.signIn(signal);
  } catch (error) {
    await graph.close();
    throw error;
  }
  const store = budgets.of(`${tenantId}/${access.clientId}`);
  graph.shareBudget({
    store,
    countUsers: () => countUsers(database, tenantId),
    onAway: (error) =>
      log.warn({ code: systemCode(error) ?? 'no answer' }, 'the shared budget is away: each process keeps its own'),
  });
  return {
    graph,
    async close() {
      await store.close();
      await graph.close();
    },
  };
}

function createTenantGraph(
  config: Config,
  { tenantId, access }: ConfiguredTenant,
  credential: Credential,
  { accessLog, log }: Recording,
) {
  const { graphTimeoutMs: timeoutMs, graphRetries: retries } = config;
  return createGraphClient({
    credential,
    ...hostsOf(access.cloud, config),
    certificateAuthority: config.certificateAuthority,
    proxy: config.proxy,
    identityService: config.identityService,
    tokenRefreshPercent: config.tokenRefreshPercent,
    onRenewalFailure: (error) =>
      log.warn({ tenantId, code: error.code, error: error.message }, 'the token could not be renewed yet'),
    budget: { percent: config.graphBudgetPercent },
    onLogin: accessLog.for(accountOf(credential)),
    timeoutMs,
    retry: { retries },
    login: { retries },
  });
}

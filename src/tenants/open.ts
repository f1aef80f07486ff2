import type { Config } from '../settings/config.js';
import { accountOf } from '../settings/credential.js';
import { systemCode } from '../errors.js';
import { certificateWarning, createGraphClient, openCredential, type GraphClient } from '../graph/index.js';
import type { Budgets } from '../budget-store.js';
import type { Logger } from '../log.js';
import { countUsers, type AccessLog, type Database } from '../store/index.js';
import type { Described } from './configured.js';
import type { OpenedTenant } from './tenant-entry.js';
import { loginOf, hostsOf } from './login.js';

/**
 * The client of a tenant's Graph, with its secret fetched from where it is.
 * @throws RollcallError `secret_missing`, `credential_invalid`
 */
export async function createTenantGraph(
  config: Config,
  { tenantId, access }: Described,
  { accessLog, log }: { accessLog: AccessLog; log: Logger },
): Promise<GraphClient> {
  const { graphTimeoutMs: timeoutMs, graphRetries: retries } = config;
  const login = await loginOf(tenantId, access, config.readSecret);
  const credential = await openCredential(login);
  log.info({ tenantId, credential: credential.kind }, 'logging in');
  const warning = certificateWarning(credential);
  if (warning !== undefined) log.warn({ tenantId, warning }, 'the certificate is about to expire');
  return createGraphClient({
    credential,
    ...hostsOf(config, access),
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

/** Logs in, and shares the budget with all processes that read the tenant as this application. @throws RollcallError */
export async function openTenant(
  { tenantId, access }: Described,
  graph: GraphClient,
  { database, budgets, log, signal }: { database: Database; budgets: Budgets; log: Logger; signal: AbortSignal },
): Promise<OpenedTenant> {
  try {
    await graph.signIn(signal);
  } catch (error) {
    await graph.close();
    throw error;
  }
  const store = budgets.of(`${tenantId}/${access.from === 'environment' ? access.tenant.clientId : access.clientId}`);
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

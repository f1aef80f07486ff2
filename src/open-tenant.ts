import { CLOUDS } from './settings/clouds.js';
import type { Config } from './settings/config.js';
import { accountOf, type Login } from './settings/credential.js';
import { RollcallError, systemCode } from './errors.js';
import type { Access, Described } from './describe-tenants.js';
import { certificateWarning, createGraphClient, openCredential, type GraphClient } from './graph/index.js';
import type { Budgets } from './budget-store.js';
import type { OpenedTenant } from './jobs/follow-tenants.js';
import type { Logger } from './log.js';
import { countUsers, type AccessLog, type Database } from './store/index.js';
import { pathOf, type SecretReader } from './settings/secret-ref.js';

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

/** A kept tenant is in the cloud that it names, whatever the environment says; or else where the environment says. */
export function hostsOf({ authorityHost, graphBaseUrl, graphAudience }: Config, access: Access) {
  const cloud = access.from === 'database' && access.cloud !== null ? CLOUDS[access.cloud] : undefined;
  return cloud ?? { authorityHost, graphBaseUrl, graphAudience };
}

/** How an application of a tenant logs in, its secret fetched. @throws RollcallError `secret_missing` */
export async function loginOf(tenantId: string, access: Access, readSecret: SecretReader): Promise<Login> {
  if (access.from === 'environment') return access.tenant;
  const { clientId, credential: kind, secretRef, passwordRef } = access;
  switch (kind) {
    case 'secret':
      return { tenantId, clientId, credential: { kind, clientSecret: await readSecret(required(secretRef)) } };
    case 'certificate': {
      const password = passwordRef === null ? undefined : await readSecret(passwordRef);
      return { tenantId, clientId, credential: { kind, path: required(pathOf(required(secretRef))), password } };
    }
    case 'federated':
      return { tenantId, clientId, credential: { kind, tokenFile: required(pathOf(required(secretRef))) } };
    case 'managed-identity':
      return { tenantId, clientId, credential: { kind } };
    default:
      return kind satisfies never;
  }
}

/** The schema lets no tenant without it in; somebody may have written to the table by hand. */
function required(value: string | null | undefined): string {
  if (value !== null && value !== undefined) return value;
  const message = 'It is not written down where the secret of this tenant is';
  throw new RollcallError('secret_missing', message, 'Say it: rollcall tenants update <name> --secret-ref …');
}

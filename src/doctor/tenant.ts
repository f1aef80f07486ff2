import { createGraphClient, rolesIn, type Credential, type Exchange, type GraphClient } from '../graph/index.js';
import { checkCertificate, checkRefusal, checkSecret, checkToken } from './credential.js';
import { LOGIN_TIMEOUT_MS, type TenantCheck } from './tenant-check.js';
import { toFinding, type Finding } from './finding.js';
import { checkClock, checkHosts } from './login.js';
import { checkNames } from './names.js';
import { checkHiding, HIDING } from './hidden-groups.js';
import { isLacking } from '../jobs/permissions.js';
import { checkPermissions, howToGrant } from './permissions.js';
import { checkRequests } from './requests.js';

/**
 * Checks everything that a run of a tenant needs: login, credential, token, permissions, and a request for each collection.
 * A failure ends only the checks that depend on it. Writes nothing.
 * @throws only if the signal is aborted
 */
export async function checkTenant(tenantCheck: TenantCheck): Promise<Finding[]> {
  const { endpoints, signal } = tenantCheck;
  const exchanges: Exchange[] = [];
  const record = (exchange: Exchange) => {
    exchanges.push(exchange);
    tenantCheck.record(exchange);
  };
  const watched = { ...tenantCheck, record };
  const opened = await open(tenantCheck);
  // A managed identity needs no login of ours: its machine has one.
  const needsLogin = !('credential' in opened) || opened.credential.kind !== 'managed-identity';
  const hosts = await checkHosts(watched, needsLogin);
  const host = new URL(needsLogin ? endpoints.authorityHost : endpoints.graphBaseUrl).host;
  const isOpen = hosts.every(({ check, level }) => check !== 'graph' || level !== 'problem');
  const rest = 'credential' in opened ? await checkCredential(watched, opened.credential, isOpen) : [opened];
  signal.throwIfAborted();
  return [...hosts, ...checkClock(exchanges, host), ...withoutEchoes(rest, hosts)];
}

/** If the login cannot be reached or does not know the tenant, there is no token either: one problem, not two. */
const withoutEchoes = (findings: readonly Finding[], hosts: readonly Finding[]) =>
  findings.filter(({ level, advice }) => level !== 'problem' || hosts.every((host) => host.advice !== advice));

async function open({ openCredential }: TenantCheck): Promise<{ readonly credential: Credential } | Finding> {
  try {
    return { credential: await openCredential() };
  } catch (error) {
    return toFinding('credential', error);
  }
}

/** @param isOpen whether Graph can be reached */
async function checkCredential(tenantCheck: TenantCheck, credential: Credential, isOpen: boolean): Promise<Finding[]> {
  const { endpoints, record } = tenantCheck;
  const certificate = checkCertificate(credential);
  const graph = createGraphClient({
    ...endpoints,
    credential,
    onLogin: record,
    timeoutMs: endpoints.graphTimeoutMs,
    // Fewer retries than in a run, because a person waits.
    retry: { retries: 1, throttledRetries: 1 },
    login: { retries: 0, timeoutMs: LOGIN_TIMEOUT_MS },
  });
  try {
    const facts = await graph.tokenFacts();
    const token = checkToken(facts);
    const { findings, runnable } = checkPermissions(tenantCheck, facts, credential);
    const reading = isOpen
      ? await checkReading(tenantCheck, { graph, credential, runnable, roles: rolesIn(facts) })
      : [];
    return [...certificate, token, ...findings, ...reading];
  } catch (error) {
    tenantCheck.signal.throwIfAborted();
    return [...certificate, checkRefusal(error, credential)];
  } finally {
    await graph.close();
  }
}

interface Reading {
  readonly graph: GraphClient;
  readonly credential: Credential;
  readonly runnable: TenantCheck['tasks'];
  /** Undefined if the token does not name them. */
  readonly roles: readonly string[] | undefined;
}

async function checkReading(
  tenantCheck: TenantCheck,
  { graph, credential, runnable, roles }: Reading,
): Promise<Finding[]> {
  const { log, signal, record, endpoints, tenantId } = tenantCheck;
  const reader = graph.reader({ log, signal, permissions: [], onCost() {}, onExchange: record });
  const findings = await checkRequests(runnable, { ...tenantCheck, graph });
  const advice = (name: string) => howToGrant(name, credential, `${endpoints.authorityHost}/${tenantId}`);
  const lacking = HIDING.filter(({ hidden }) => isLacking(hidden.permission, roles));
  const hiding = await Promise.all(lacking.map((parents) => checkHiding(parents, { ...tenantCheck, reader, advice })));
  return [
    ...findings,
    ...hiding,
    ...(await checkNames(reader)),
    ...(await checkSecret(graph, credential.kind, reader)),
  ];
}

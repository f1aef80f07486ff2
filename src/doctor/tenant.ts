import { createGraphClient, rolesIn, type Credential, type Exchange, type GraphClient } from '../graph/index.js';
import { examineCertificate, examineRefusal, examineSecret, examineToken } from './credential.js';
import { LOGIN_TIMEOUT_MS, type Examination } from './examination.js';
import { failed, type Finding } from './finding.js';
import { examineClock, examineHosts } from './login.js';
import { examineNames } from './names.js';
import { examineHiding, HIDING } from './hidden-groups.js';
import { isLacking } from '../jobs/permissions.js';
import { examinePermissions, howToGrant } from './permissions.js';
import { examineRequests } from './requests.js';

/**
 * Looks at everything between here and a tenant's rows: login, credential, token, permissions, and one object of all that
 * is read. What one failure hides is left out; what it does not, is looked at all the same. Writes nothing.
 * @throws only where it is told to stop
 */
export async function examineTenant(examination: Examination): Promise<Finding[]> {
  const { way, signal } = examination;
  const exchanges: Exchange[] = [];
  const record = (exchange: Exchange) => {
    exchanges.push(exchange);
    examination.record(exchange);
  };
  const watched = { ...examination, record };
  const opened = await open(examination);
  // A managed identity needs no login of ours: its machine has one.
  const needsLogin = !('credential' in opened) || opened.credential.kind !== 'managed-identity';
  const hosts = await examineHosts(watched, needsLogin);
  const host = new URL(needsLogin ? way.authorityHost : way.graphBaseUrl).host;
  const isOpen = hosts.every(({ check, level }) => check !== 'graph' || level !== 'problem');
  const rest = 'credential' in opened ? await examineCredential(watched, opened.credential, isOpen) : [opened];
  signal.throwIfAborted();
  return [...hosts, ...examineClock(exchanges, host), ...withoutEchoes(rest, hosts)];
}

/** A login that is out of reach, or that does not know the tenant, gives no token either: that is one problem, not two. */
const withoutEchoes = (findings: readonly Finding[], hosts: readonly Finding[]) =>
  findings.filter(({ level, advice }) => level !== 'problem' || hosts.every((host) => host.advice !== advice));

async function open({ openCredential }: Examination): Promise<{ readonly credential: Credential } | Finding> {
  try {
    return { credential: await openCredential() };
  } catch (error) {
    return failed('credential', error);
  }
}

/** @param isOpen whether the way to Graph is open */
async function examineCredential(
  examination: Examination,
  credential: Credential,
  isOpen: boolean,
): Promise<Finding[]> {
  const { way, record } = examination;
  const certificate = examineCertificate(credential);
  const graph = createGraphClient({
    ...way,
    credential,
    onLogin: record,
    timeoutMs: way.graphTimeoutMs,
    // Who waits for the answer learns sooner what is wrong than a run would.
    retry: { retries: 1, throttledRetries: 1 },
    login: { retries: 0, timeoutMs: LOGIN_TIMEOUT_MS },
  });
  try {
    const facts = await graph.tokenFacts();
    const token = examineToken(facts);
    const { findings, able } = examinePermissions(examination, facts, credential);
    const reading = isOpen ? await examineReading(examination, { graph, credential, able, roles: rolesIn(facts) }) : [];
    return [...certificate, token, ...findings, ...reading];
  } catch (error) {
    examination.signal.throwIfAborted();
    return [...certificate, examineRefusal(error, credential)];
  } finally {
    await graph.close();
  }
}

interface Reading {
  readonly graph: GraphClient;
  readonly credential: Credential;
  readonly able: Examination['tasks'];
  /** Undefined if the token does not say them. */
  readonly roles: readonly string[] | undefined;
}

async function examineReading(
  examination: Examination,
  { graph, credential, able, roles }: Reading,
): Promise<Finding[]> {
  const { log, signal, record, way, tenantId } = examination;
  const reader = graph.reader({ log, signal, permissions: [], onCost() {}, onExchange: record });
  const findings = await examineRequests(able, { ...examination, graph });
  const advice = (name: string) => howToGrant(name, credential, `${way.authorityHost}/${tenantId}`);
  const lacking = HIDING.filter(({ hidden }) => isLacking(hidden.permission, roles));
  const hiding = await Promise.all(
    lacking.map((parents) => examineHiding(parents, { ...examination, reader, advice })),
  );
  return [
    ...findings,
    ...hiding,
    ...(await examineNames(reader)),
    ...(await examineSecret(graph, credential.kind, reader)),
  ];
}

import { probeTenant, parseHttpDate, probeGraph, type Exchange } from '../graph/index.js';
import { RollcallError } from '../errors.js';
import { LOGIN_TIMEOUT_MS, type TenantCheck } from './tenant-check.js';
import { toFinding, ok, problem, warning, type Finding } from './finding.js';
import { formatMs } from './format.js';

type Looking = Pick<TenantCheck, 'tenantId' | 'endpoints' | 'signal' | 'record'>;

/**
 * Checks, without any credential, that the login answers and knows the tenant, and that Graph answers.
 * @param needsLogin false for a managed identity
 */
export async function checkHosts(looking: Looking, needsLogin: boolean): Promise<Finding[]> {
  const [login, graph] = await Promise.all([needsLogin ? checkLogin(looking) : [], checkGraph(looking)]);
  return [...login, graph];
}

async function checkLogin({ tenantId, endpoints, signal, record }: Looking): Promise<Finding[]> {
  const { host } = new URL(endpoints.authorityHost);
  const answers = ok('login', `${host} answers`);
  try {
    const options = { ...endpoints, tenantId, signal, onExchange: record, timeoutMs: LOGIN_TIMEOUT_MS };
    const { graphHost, region } = await probeTenant(options);
    const found = `${tenantId} exists in this cloud${region === undefined ? '' : ` (${region})`}`;
    return [
      answers,
      isElsewhere(graphHost, endpoints.graphAudience) ? elsewhere(found, graphHost, endpoints) : ok('tenant', found),
    ];
  } catch (error) {
    const isRefusal = error instanceof RollcallError && error.code === 'login_refused';
    return isRefusal ? [answers, toFinding('tenant', error)] : [toFinding('login', error)];
  }
}

/** Clouds differ in the last two parts of their names; within one there are several hosts. */
function isElsewhere(graphHost: string | undefined, audience: string): graphHost is string {
  if (graphHost === undefined || !URL.canParse(audience) || !audience.startsWith('https:')) return false;
  const cloudOf = (host: string) => host.split('.').slice(-2).join('.');
  return cloudOf(graphHost) !== cloudOf(new URL(audience).host);
}

const elsewhere = (found: string, graphHost: string | undefined, { graphAudience }: Looking['endpoints']) =>
  warning(
    'tenant',
    `${found}; the login says that its Graph is at ${graphHost}, and tokens are asked for ${graphAudience}`,
    'AZURE_CLOUD sets login, Graph and audience together.',
  );

async function checkGraph({ endpoints, signal, record }: Looking): Promise<Finding> {
  try {
    const { tookMs } = await probeGraph({ ...endpoints, signal, onExchange: record, timeoutMs: LOGIN_TIMEOUT_MS });
    return ok('graph', `${new URL(endpoints.graphBaseUrl).host} answers, in ${formatMs(tookMs)}`);
  } catch (error) {
    return toFinding('graph', error);
  }
}

const WARN_S = 60;
const PROBLEM_S = 300;
const SET_CLOCK =
  "Set this machine's clock and keep it synchronized (NTP, chrony, the host of a container). The login allows five minutes.";

/** Compares this machine's clock with that of the first server that answered; no finding if none sent the time. */
export function checkClock(exchanges: readonly Exchange[], host: string): Finding[] {
  const told = exchanges.find(({ uri, serverTime }) => serverTime !== null && new URL(uri).host === host);
  const theirs = parseHttpDate(told?.serverTime ?? '');
  if (told === undefined || theirs === undefined) return [];
  // An HTTP date is cut to seconds: on average half a second is missing.
  const aheadS = (Date.parse(told.at) + told.durationMs / 2 - theirs - 500) / 1000;
  const seconds = Math.round(Math.abs(aheadS));
  const found = `this machine is ${describe(seconds)} ${aheadS > 0 ? 'ahead of' : 'behind'} ${host}`;
  if (seconds > PROBLEM_S) return [problem('clock', found, SET_CLOCK)];
  if (seconds > WARN_S) return [warning('clock', found, SET_CLOCK)];
  return [ok('clock', seconds <= 2 ? `the same as at ${host}` : found)];
}

const describe = (seconds: number) =>
  seconds < 120
    ? `${seconds} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;

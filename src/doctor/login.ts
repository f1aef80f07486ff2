import { findTenant, parseHttpDate, reachGraph, type Exchange } from '../graph/index.js';
import { RollcallError } from '../errors.js';
import { LOGIN_TIMEOUT_MS, type Examination } from './examination.js';
import { failed, ok, problem, warning, type Finding } from './finding.js';
import { formatMs } from './format.js';

type Looking = Pick<Examination, 'tenantId' | 'way' | 'signal' | 'record'>;

/**
 * Looks, without any credential, whether the login answers and knows the tenant, and whether Graph answers.
 * @param needsLogin false where somebody else logs in for us
 */
export async function examineHosts(looking: Looking, needsLogin: boolean): Promise<Finding[]> {
  const [login, graph] = await Promise.all([needsLogin ? examineLogin(looking) : [], examineGraph(looking)]);
  return [...login, graph];
}

async function examineLogin({ tenantId, way, signal, record }: Looking): Promise<Finding[]> {
  const { host } = new URL(way.authorityHost);
  const answers = ok('login', `${host} answers`);
  try {
    const options = { ...way, tenantId, signal, onExchange: record, timeoutMs: LOGIN_TIMEOUT_MS };
    const { graphHost, region } = await findTenant(options);
    const found = `${tenantId} exists in this cloud${region === undefined ? '' : ` (${region})`}`;
    return [
      answers,
      isElsewhere(graphHost, way.graphAudience) ? elsewhere(found, graphHost, way) : ok('tenant', found),
    ];
  } catch (error) {
    const isRefusal = error instanceof RollcallError && error.code === 'login_refused';
    return isRefusal ? [answers, failed('tenant', error)] : [failed('login', error)];
  }
}

/** Clouds differ in the last two parts of their names; within one there are several hosts. */
function isElsewhere(graphHost: string | undefined, audience: string): graphHost is string {
  if (graphHost === undefined || !URL.canParse(audience) || !audience.startsWith('https:')) return false;
  const cloudOf = (host: string) => host.split('.').slice(-2).join('.');
  return cloudOf(graphHost) !== cloudOf(new URL(audience).host);
}

const elsewhere = (found: string, graphHost: string | undefined, { graphAudience }: Looking['way']) =>
  warning(
    'tenant',
    `${found}; the login says that its Graph is at ${graphHost}, and tokens are asked for ${graphAudience}`,
    'AZURE_CLOUD sets login, Graph and audience together.',
  );

async function examineGraph({ way, signal, record }: Looking): Promise<Finding> {
  try {
    const { tookMs } = await reachGraph({ ...way, signal, onExchange: record, timeoutMs: LOGIN_TIMEOUT_MS });
    return ok('graph', `${new URL(way.graphBaseUrl).host} answers, in ${formatMs(tookMs)}`);
  } catch (error) {
    return failed('graph', error);
  }
}

const WARN_S = 60;
const PROBLEM_S = 300;
const SET_CLOCK =
  "Set this machine's clock, and have it kept (NTP, chrony, the host of a container). The login allows five minutes.";

/** This machine's clock against that of the server which was asked first; nothing where none has told the time. */
export function examineClock(exchanges: readonly Exchange[], host: string): Finding[] {
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

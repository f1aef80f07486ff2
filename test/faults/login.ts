import type { FaultAction } from '../../src/emulator/index.js';
import type { FaultCase } from './fault-case.js';
import { EVERYWHERE, LONG_LISTS, LIST_NAMES, POSITIONS, refusal, strike, strikeAll, TOKEN } from './lists.js';

const EXPIRED = refusal(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.');

/** A new token is needed in mid-run, and this is what the login says to that. */
const inMidRun = (fault: string, action: FaultAction, times: number | 'always' = 1): FaultCase => ({
  fault,
  where: 'the login in mid-run',
  tasks: ['hr-roster'],
  settings: { GRAPH_RETRIES: '1' },
  strikes: () => [strike('users', 'middle', EXPIRED), { path: TOKEN, nth: 2, times, action }],
});

/** Every attempt at the login fails so, from the start. */
const atStart = (fault: string, action: FaultAction, refuses: string): FaultCase => ({
  fault,
  where: 'the login at the start',
  settings: { GRAPH_RETRIES: '1' },
  strikes: () => [{ path: TOKEN, times: 'always', action }],
  refuses,
});

const granting = (life: unknown): FaultAction => ({
  kind: 'reply',
  status: 200,
  body: { token_type: 'Bearer', access_token: 'any', expires_in: life },
});

export const login: readonly FaultCase[] = [
  ...POSITIONS.map((position): FaultCase => ({
    fault: '401, once',
    where: EVERYWHERE[position],
    strikes: () => strikeAll(position, EXPIRED),
    // Each costs the page again; a new token serves those who meet the old one at the same time as well.
    also: async ({ emulator }) => {
      const strikes = (position === 'first' ? LIST_NAMES : LONG_LISTS).length;
      const tokens = emulator.requests.filter(({ path }) => TOKEN.test(path)).length;
      return tokens <= strikes + 1 ? [] : [`${tokens} tokens were fetched`];
    },
  })),
  {
    fault: '401 for ever',
    where: 'users, from a middle page on',
    strikes: () => [strike('users', 'middle', EXPIRED, 'always')],
    fails: { 'hr-roster': 'graph_unauthorized' },
  },
  inMidRun('429, once', { kind: 'throttle', retryAfter: '1' }),
  inMidRun('500, once', { kind: 'reply', status: 500, body: '' }),
  inMidRun("a gateway's page, once", { kind: 'html' }),
  inMidRun('JSON that is no token, once', { kind: 'reply', status: 200, body: {} }),
  inMidRun('connection reset, once', { kind: 'reset' }),
  ...[0, -1, null, 'soon'].map((life): FaultCase => ({
    ...inMidRun(`a token whose life is ${life}`, granting(life), 'always'),
    fails: { 'hr-roster': 'login_refused' },
  })),
  {
    ...inMidRun('500, for ever', { kind: 'reply', status: 500, body: '' }, 'always'),
    fails: { 'hr-roster': 'login_unreachable' },
  },
  {
    ...inMidRun('invalid_client: the secret has expired', { kind: 'login-error', code: 7000222 }, 'always'),
    fails: { 'hr-roster': 'login_refused' },
  },
  {
    ...inMidRun('the application is disabled', { kind: 'login-error', code: 7000112 }, 'always'),
    fails: { 'hr-roster': 'login_refused' },
  },
  atStart('invalid_client: a wrong secret', { kind: 'login-error', code: 7000215 }, 'the client secret is wrong'),
  atStart('an unknown tenant', { kind: 'login-error', code: 90002 }, 'the tenant does not exist'),
  atStart('503 for ever', { kind: 'html' }, 'No token from the login'),
  {
    fault: 'consent withdrawn (403)',
    where: 'every list, from a middle page on',
    strikes: () =>
      LONG_LISTS.filter((list) => list !== 'members').map((list) =>
        strike(list, 'middle', refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges'), 'always'),
      ),
    fails: {
      'hr-roster': 'graph_forbidden',
      'application-discovery': 'graph_forbidden',
      'sso-roster': 'graph_forbidden',
      'sso-access': 'graph_forbidden',
    },
  },
  {
    fault: 'consent withdrawn (403)',
    where: 'members of groups, from a middle page on',
    strikes: () => [strike('members', 'middle', refusal(403, 'Authorization_RequestDenied'), 'always')],
    fails: { 'sso-roster': 'graph_forbidden' },
  },
  {
    fault: 'license lapsed (403)',
    where: 'sign-ins',
    strikes: () => [
      strike('signIns', 'first', refusal(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant'), 'always'),
    ],
    fails: { 'sso-access': 'graph_license_missing' },
  },
];

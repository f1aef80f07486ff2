import type { Fault, FaultAction } from '../../src/emulator/index.js';
import type { FaultCase } from './fault-case.js';
import { refusal } from './lists.js';

// What a run on an ordinary night asks for: what has changed since the last one.
const USERS = /^\/v1\.0\/users\/delta/;
const APPLICATIONS = /^\/v1\.0\/servicePrincipals\/delta/;

const strikeBoth = (action: FaultAction, more: Pick<Fault, 'times'> = {}): Fault[] =>
  [USERS, APPLICATIONS].map((path) => ({ path, action, ...more }));

const both = (fault: string, action: FaultAction, more: Partial<FaultCase> = {}): FaultCase => ({
  fault,
  where: 'the changes of users and of applications',
  start: 'changes',
  strikes: () => strikeBoth(action),
  ...more,
});

const forEver = (fault: string, action: FaultAction, code: string): FaultCase => ({
  fault: `${fault}, for ever`,
  where: 'the changes of users',
  start: 'changes',
  settings: { GRAPH_RETRIES: '1' },
  strikes: () => [{ path: USERS, times: 'always', action }],
  fails: { 'hr-roster': code },
});

/** A cursor that leads away is no cursor: everything is listed. */
const AWAY: FaultAction = { kind: 'foreign-link', origin: 'https://localhost:1' };

export const changes: readonly FaultCase[] = [
  ...['1', '0'].map((retryAfter) => both(`429, Retry-After ${retryAfter}`, { kind: 'throttle', retryAfter })),
  both('500', { kind: 'reply', status: 500, body: {} }),
  both('connection reset in the middle of a body', { kind: 'reset', midBody: true }, { short: true }),
  both('truncated JSON', { kind: 'truncate' }),
  both('JSON that is no page', { kind: 'reply', status: 200, body: '7' }),
  both(
    'an answer slower than the time-out',
    { kind: 'delay', ms: 30_000 },
    { settings: { GRAPH_TIMEOUT_SECONDS: '3' } },
  ),
  both(
    'empty pages with a nextLink, twice in a row',
    { kind: 'empty-page' },
    {
      strikes: () => strikeBoth({ kind: 'empty-page' }, { times: 2 }),
    },
  ),
  both('the cursor is lost: 410', refusal(410, 'resyncRequired')),
  both('the cursor is lost: 400', refusal(400, 'syncStateNotFound')),
  both('the cursor is lost: 404', refusal(404, 'Request_ResourceNotFound')),
  forEver('500', { kind: 'reply', status: 500, body: {} }, 'graph_unreachable'),
  forEver('consent withdrawn (403)', refusal(403, 'Authorization_RequestDenied'), 'graph_forbidden'),
  both('a link to another host, for ever', AWAY, { strikes: () => strikeBoth(AWAY, { times: 'always' }) }),
];

import type { FaultAction } from '../../src/emulator/index.js';
import type { FaultCase, TaskName } from './fault-case.js';
import { LIST_NAMES, strike, strikeInTurn, type ListName } from './lists.js';

const FAILURES: readonly (readonly [string, FaultAction])[] = [
  ['500', { kind: 'reply', status: 500, body: {} }],
  ['502', { kind: 'reply', status: 502, body: '' }],
  ["503 with a gateway's page", { kind: 'html' }],
  ['504', { kind: 'reply', status: 504, body: {} }],
  ['connection reset before the answer', { kind: 'reset' }],
  ['connection reset in the middle of a body', { kind: 'reset', midBody: true }],
  ['truncated JSON', { kind: 'truncate' }],
  ['JSON that is no page', { kind: 'reply', status: 200, body: '7' }],
  ["a gateway's page with status 200", { kind: 'html', status: 200 }],
];

const IN_TURN = 'a page of every list: first, middle, last in turn';

const once = FAILURES.map(([fault, action], turn): FaultCase => ({
  fault: `${fault}, once`,
  where: IN_TURN,
  strikes: () => strikeInTurn(turn, action),
  extra: LIST_NAMES.length,
  ...(fault === 'truncated JSON' ? { short: true } : {}),
}));

/** Long for this Graph, short for who waits. */
const IMPATIENT = { GRAPH_TIMEOUT_SECONDS: '3' } as const;

const slow = (
  [
    ['a body that never ends', { kind: 'endless' }],
    ['an answer slower than the time-out', { kind: 'delay', ms: 30_000 }],
  ] as const
).map(([fault, action], turn): FaultCase => ({
  fault: `${fault}, once`,
  where: IN_TURN,
  settings: IMPATIENT,
  strikes: () => strikeInTurn(turn, action),
}));

const forEver = (list: ListName, task: TaskName, fault: string, action: FaultAction, code: string): FaultCase => ({
  fault: `${fault}, for ever`,
  where: `${list}, from a middle page on`,
  settings: { GRAPH_RETRIES: '1' },
  strikes: () => [strike(list, 'middle', action, 'always')],
  fails: { [task]: code },
});

export const serverErrors: readonly FaultCase[] = [
  ...once,
  ...slow,
  forEver('users', 'hr-roster', '500', { kind: 'reply', status: 500, body: {} }, 'graph_unreachable'),
  {
    ...forEver('users', 'hr-roster', 'a body that never ends', { kind: 'endless' }, 'graph_unreachable'),
    settings: { GRAPH_RETRIES: '1', ...IMPATIENT },
  },
  forEver('servicePrincipals', 'application-discovery', 'truncated JSON', { kind: 'truncate' }, 'graph_unreadable'),
  forEver('appRoleAssignedTo', 'sso-roster', 'connection reset', { kind: 'reset' }, 'graph_unreachable'),
  forEver('members', 'sso-roster', "a gateway's page", { kind: 'html' }, 'graph_unreachable'),
  {
    ...forEver('signIns', 'sso-access', 'a slow answer', { kind: 'delay', ms: 30_000 }, 'graph_unreachable'),
    where: 'sign-ins, however short the window',
    tasks: ['sso-access'],
    settings: { GRAPH_RETRIES: '0', GRAPH_TIMEOUT_SECONDS: '2' },
    strikes: () => [strike('signIns', 'first', { kind: 'delay', ms: 30_000 }, 'always')],
  },
  {
    fault: '504, for ever',
    where: 'sign-ins, as long as a window has several pages',
    settings: { GRAPH_RETRIES: '0' },
    strikes: () => [strike('signIns', 'middle', { kind: 'reply', status: 504, body: {} }, 'always')],
  },
];

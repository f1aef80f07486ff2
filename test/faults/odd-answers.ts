import type { Fault, FaultAction } from '../../src/emulator/index.js';
import type { FaultCase, TaskName } from './fault-case.js';
import {
  EVERYWHERE,
  LIST_NAMES,
  LONG_LISTS,
  refusal,
  strike,
  strikeAll,
  strikeInTurn,
  type ListName,
} from './lists.js';

const reply = (status: number, headers: Readonly<Record<string, string>> = {}): FaultAction => ({
  kind: 'reply',
  status,
  headers,
  body: '',
});

/** On every answer of Graph and of the login. */
const always = (fault: string, action: FaultAction): FaultCase => ({
  fault,
  where: 'every answer',
  strikes: () => [{ times: 'always', action }],
});

const forEver = (list: ListName, task: TaskName, fault: string, action: FaultAction, code: string): FaultCase => ({
  fault: `${fault}, for ever`,
  where: `${list}, from a middle page on`,
  settings: { GRAPH_RETRIES: '1' },
  strikes: () => [strike(list, 'middle', action, 'always')],
  fails: { [task]: code },
});

/** Some seconds from now, as C writes a date: it names no zone, and means GMT. */
const asctime = (ms: number): string => {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(ms)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`;
};

const relative = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body).replaceAll(/("@odata\.(?:next|delta)Link":")https:\/\/[^/"]+/g, '$1'));

const MILLIONS = `{"value":[${'{},'.repeat(2_100_000)}{}]}`;

/** What a header may say that is nonsense. */
const NONSENSE = ['1e12', '1000000000000', 'NaN', 'Infinity', '-1', '', '9'.repeat(400)].map(
  (value, turn): FaultCase => ({
    fault: `x-ms-resource-unit ${value.slice(0, 20)}`,
    where: 'a page of every list: first, middle, last in turn',
    strikes: () => strikeInTurn(turn, { kind: 'headers', headers: { 'x-ms-resource-unit': value } }),
  }),
);

const zoned = ['UTC', 'Asia/Tokyo', 'America/New_York'].map((zone): FaultCase => ({
  fault: `429, Retry-After as C writes a date, in ${zone}`,
  where: EVERYWHERE.first,
  settings: { TZ: zone },
  strikes: () => strikeAll('first', { kind: 'throttle', retryAfter: asctime(Date.now() + 3000) }),
  extra: LIST_NAMES.length,
}));

export const oddAnswers: readonly FaultCase[] = [
  ...NONSENSE,
  ...zoned,
  {
    fault: 'x-ms-throttle-limit-percentage 1e9',
    where: 'a middle page of users',
    strikes: () => [
      strike('users', 'middle', { kind: 'headers', headers: { 'x-ms-throttle-limit-percentage': '1000000000' } }),
    ],
  },
  always('a byte order mark before the JSON', { kind: 'byte-order-mark' }),
  {
    fault: 'links without a host',
    where: EVERYWHERE.first,
    strikes: (): readonly Fault[] => [
      ...strikeAll('first', { kind: 'edit', edit: relative }, 'always'),
      ...strikeAll('middle', { kind: 'edit', edit: relative }, 'always'),
    ],
  },
  {
    fault: 'a list of millions of objects, once',
    where: EVERYWHERE.middle,
    strikes: () => strikeAll('middle', { kind: 'reply', status: 200, body: MILLIONS }),
  },
  {
    fault: '204, once',
    where: EVERYWHERE.middle,
    strikes: () => strikeAll('middle', reply(204)),
    extra: LONG_LISTS.length,
  },
  forEver('users', 'hr-roster', '204', reply(204), 'graph_failed'),
  forEver('users', 'hr-roster', '304', reply(304), 'graph_failed'),
  forEver(
    'users',
    'hr-roster',
    'a redirect to the login page of a network',
    reply(302, { Location: 'https://login.network.example/?from=graph' }),
    'graph_failed',
  ),
  forEver(
    'signIns',
    'sso-access',
    '401 without an enterprise application',
    refusal(401, 'Authorization_IdentityNotFound'),
    'graph_unauthorized',
  ),
];

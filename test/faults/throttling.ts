import type { FaultAction } from '../../src/emulator/index.js';
import type { FaultCase } from './fault-case.js';
import { EVERYWHERE, LIST_NAMES, LONG_LISTS, POSITIONS, strikeAll, TOKEN, strike } from './lists.js';
import { acrossLongWaits, givenBack } from './long-waits.js';

const throttle = (retryAfter?: string): FaultAction => ({ kind: 'throttle', retryAfter });

const SHORT_WAITS: readonly (readonly [string, () => string | undefined])[] = [
  ['1', () => '1'],
  ['2.128', () => '2.128'],
  ['0', () => '0'],
  ['of an HTTP date', () => new Date(Date.now() + 3000).toUTCString()],
  ['empty', () => ''],
  ['missing', () => undefined],
];

const shortWaits = SHORT_WAITS.flatMap(([name, retryAfter]) =>
  POSITIONS.map((position): FaultCase => ({
    fault: `429, Retry-After ${name}`,
    where: EVERYWHERE[position],
    strikes: () => strikeAll(position, throttle(retryAfter())),
    extra: (position === 'first' ? LIST_NAMES : LONG_LISTS).length,
  })),
);

const longWaits = ['30,120', '3600'].flatMap((retryAfter) =>
  POSITIONS.map((position): FaultCase => ({
    fault: `429, Retry-After ${retryAfter}`,
    where: EVERYWHERE[position],
    strikes: () => strikeAll(position, throttle(retryAfter)),
    story: acrossLongWaits(retryAfter === '3600' ? 3600 : 120),
  })),
);

export const throttling: readonly FaultCase[] = [
  ...shortWaits,
  ...longWaits,
  {
    fault: '429 for an hour',
    where: 'users; the job itself comes back',
    tasks: ['hr-roster'],
    strikes: () => [strike('users', 'middle', throttle('3600'))],
    story: (scene) => givenBack(scene),
    short: true,
  },
  {
    fault: '429 again and again',
    where: 'a middle page of servicePrincipals, 4 times',
    strikes: () => [strike('servicePrincipals', 'middle', throttle('0'), 4)],
    extra: 4,
  },
  {
    fault: '429',
    where: 'the login, while it starts',
    strikes: () => [{ path: TOKEN, action: { kind: 'throttle', retryAfter: '1' } }],
    extra: 1,
  },
];

import type { Run } from '../store/index.js';
import { adviceOnLate } from './late.js';

const schedule = { nightly: '0 2 * * *', 'sign-ins': '15 * * * *', timeZone: 'Europe/Berlin' };
const run = (task: string, startedAt: string, outcome = 'complete') => ({ task, startedAt, outcome }) as Run;
const now = new Date('2026-03-10T12:00:00Z');

test.each([
  ['a night that was missed', run('hr-roster', '2026-03-09T01:00:00Z'), schedule],
  ['an hour that was missed', run('sso-access', '2026-03-10T08:00:00Z'), schedule],
  ['a week that was missed', run('hr-roster', '2026-03-01T02:00:00Z'), { ...schedule, nightly: '0 2 * * 0' }],
])('%s is late, and the command to type names its tenant', (_, late, written) => {
  const { says, commands } = adviceOnLate(late, { name: 'contoso gmbh', enabled: true, schedule: written }, now)!;
  expect(says).toEqual([expect.stringContaining('This is old')]);
  expect(commands.map(({ command }) => command)).toEqual([`rollcall sync ${late.task} --tenant "contoso gmbh"`]);
});

test.each([
  ['of a disabled tenant', run('hr-roster', '2026-01-01T00:00:00Z'), { enabled: false, schedule }],
  [
    'of a task that is switched off',
    run('hr-roster', '2026-01-01T00:00:00Z'),
    { schedule: { ...schedule, nightly: 'off' } },
  ],
  ['between two weeks', run('hr-roster', '2026-03-08T01:30:00Z'), { schedule: { ...schedule, nightly: '0 2 * * 0' } }],
  ['in the two hours that a scheduled run may take', run('sso-access', '2026-03-10T10:10:00Z'), { schedule }],
  ['that failed, of which more is said', run('hr-roster', '2026-01-01T00:00:00Z', 'failed'), { schedule }],
])('a run %s is not late', (_, old, written) => {
  expect(adviceOnLate(old, { name: 'contoso', enabled: true, ...written }, now)).toBeUndefined();
});

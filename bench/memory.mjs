// How much memory a run takes at most, and whether it grows with the tenant. It should not: memory is O(page).
import { formatCount, formatTable } from '../dist/cli/print.js';
import { withFolder } from './support/folder.mjs';
import { withEmulator } from './support/emulator.mjs';
import { sync } from './support/sync.mjs';

const LIMIT_MIB = 220;
const LIMIT_RATIO = 1.2;

const people = (count) => ({
  task: 'hr-roster',
  dependsOn: [],
  size: `${formatCount(count)} users`,
  flags: ['--users', count],
});
const ACCESS = {
  task: 'sso-roster',
  dependsOn: ['hr-roster', 'application-discovery'],
  size: '2,000 applications × 50 assignments, 100 groups × 1,000 members',
  flags: ['--users', 20_000, '--service-principals', 2000, '--assignments', 50, '--groups', 100, '--members', 1000],
};
const SIGN_INS = {
  task: 'sso-access',
  dependsOn: ['hr-roster', 'application-discovery'],
  size: '200,000 sign-ins',
  flags: ['--users', 20_000, '--service-principals', 2000, '--sign-ins', 200_000],
};

/** @param args `--million` adds a tenant of a million users */
export async function memory(args) {
  const cases = [
    people(20_000),
    people(200_000),
    ...(args.includes('--million') ? [people(1_000_000)] : []),
    ACCESS,
    SIGN_INS,
  ];
  const measured = [];
  for (const each of cases) measured.push({ ...each, ...(await measure(each)) });
  const least = measured[0].peakMiB;
  const rows = measured.map(({ task, size, peakMiB, seconds, items }) => {
    const ratio = task === 'hr-roster' ? peakMiB / least : undefined;
    const isOver = peakMiB > LIMIT_MIB || (ratio ?? 0) > LIMIT_RATIO;
    const pace = formatCount(Math.round(items / seconds));
    return [task, size, peakMiB.toFixed(0), ratio?.toFixed(2) ?? '', seconds.toFixed(1), pace, isOver ? 'OVER' : ''];
  });
  const head = [
    'task',
    'tenant',
    'peak MiB',
    'ratio',
    'seconds',
    'items/s',
    `> ${LIMIT_MIB} MiB or ratio > ${LIMIT_RATIO}`,
  ];
  process.stdout.write(formatTable(head, rows));
}

/** In a folder and a database of its own. What the task needs is read first, by other processes. */
function measure({ task, dependsOn, flags }) {
  return withFolder((home) =>
    withEmulator(flags.map(String), home, async (settings) => {
      for (const need of dependsOn) await sync(need, settings, home);
      return await sync(task, settings, home);
    }),
  );
}

// How fast sign-ins are read, window by window, from a first read of thirty days to its end: as fast as this machine can,
// and as fast as the budget of the reports lets it.
import { formatCount, formatTable } from '../dist/cli/print.js';
import { connectionStringOf, withDatabase } from './support/database.mjs';
import { withEmulator } from './support/emulator.mjs';
import { withFolder } from './support/folder.mjs';
import { syncHere } from './support/sync-here.mjs';
import { sync } from './support/sync.mjs';

const EVENTS = 1_000_000;
const TENANT = { users: 20_000, 'service-principals': 200, groups: 20, members: 1000, assignments: 50 };

/** As Graph has it, but for a window that is not ten seconds long. */
const REPORTS = { units: 5, windowMs: 4000 };
const PACED = { ...TENANT, 'sign-ins': 100_000, reports: REPORTS.units, window: REPORTS.windowMs };
const LIMIT_RATIO = 1.15;

export async function signIns() {
  await inWorld({ ...TENANT, 'sign-ins': EVENTS }, atFullSpeed);
  process.stdout.write('\n');
  await inWorld(PACED, paced);
}

const inWorld = (tenant, work) =>
  withFolder((home) =>
    withDatabase(home, (client) => {
      const flags = Object.entries(tenant).flatMap(([name, value]) => [`--${name}`, value]);
      return withEmulator(flags.map(String), home, async (settings) => {
        const own = { ...settings, DATABASE_URL: connectionStringOf(client) };
        for (const need of ['hr-roster', 'application-discovery', 'sso-roster']) await sync(need, own, home);
        return work(own, home);
      });
    }),
  );

async function atFullSpeed(settings, home) {
  const rows = [];
  for (const name of ['first read, thirty days', 'the next, six hours again']) {
    const { items, requests, seconds, peakMiB } = await sync('sso-access', settings, home);
    const pace = formatCount(Math.round(items / seconds));
    rows.push([name, formatCount(items), formatCount(requests), seconds.toFixed(1), pace, peakMiB.toFixed(0)]);
  }
  process.stdout.write(formatTable(['', 'events', 'requests', 'seconds', 'events/s', 'peak MiB'], rows));
}

async function paced(settings) {
  const { run, exchanges } = await syncHere('sso-access', settings, settings.DATABASE_URL, { reports: REPORTS });
  const reports = exchanges.filter(({ uri }) => uri.includes('/auditLogs/signIns'));
  const seconds = (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000;
  // What is in the bucket at once needs no time.
  const least = ((reports.length - REPORTS.units) * REPORTS.windowMs) / REPORTS.units / 1000;
  const ratio = seconds / least;
  const told = reports.filter(({ status }) => status === 429).length;
  const head = ['the budget binds', 'events', 'requests', 'seconds', 'least', 'ratio', '429s', `> ${LIMIT_RATIO}`];
  const counts = [formatCount(run.items), formatCount(reports.length)];
  const times = [seconds.toFixed(1), least.toFixed(1), ratio.toFixed(3)];
  const name = `${REPORTS.units} requests in ${REPORTS.windowMs / 1000} s`;
  process.stdout.write(formatTable(head, [[name, ...counts, ...times, told, ratio > LIMIT_RATIO ? 'OVER' : '']]));
}

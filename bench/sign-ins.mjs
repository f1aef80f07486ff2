// How fast sign-ins are read, window by window, from a first read of thirty days to its end.
import { formatCount, formatTable } from '../dist/cli/print.js';
import { connectionStringOf, withDatabase } from './support/database.mjs';
import { withEmulator } from './support/emulator.mjs';
import { withFolder } from './support/folder.mjs';
import { sync } from './support/sync.mjs';

const EVENTS = 1_000_000;
const TENANT = { users: 20_000, 'service-principals': 200, groups: 20, members: 1000, assignments: 50 };

export function signIns() {
  return withFolder((home) =>
    withDatabase(home, (client) => {
      const flags = Object.entries({ ...TENANT, 'sign-ins': EVENTS }).flatMap(([name, value]) => [`--${name}`, value]);
      return withEmulator(flags.map(String), home, (settings) =>
        measure({ ...settings, DATABASE_URL: connectionStringOf(client) }, home),
      );
    }),
  );
}

async function measure(settings, home) {
  for (const need of ['hr-roster', 'application-discovery', 'sso-roster']) await sync(need, settings, home);
  const rows = [];
  for (const name of ['first read, thirty days', 'the next, six hours again']) {
    const { items, requests, seconds, peakMiB } = await sync('sso-access', settings, home);
    const pace = formatCount(Math.round(items / seconds));
    rows.push([name, formatCount(items), formatCount(requests), seconds.toFixed(1), pace, peakMiB.toFixed(0)]);
  }
  process.stdout.write(formatTable(['', 'events', 'requests', 'seconds', 'events/s', 'peak MiB'], rows));
}

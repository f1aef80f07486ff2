// What it costs to keep account of every exchange: the same run with and without, in turns. sso-roster, because it makes the
// most requests for the fewest rows.
import { openWorkingApp } from '../dist/app.js';
import { formatTable } from '../dist/cli/print.js';
import { readConfig } from '../dist/settings/config.js';
import { taskNamed } from '../dist/jobs/registry.js';
import { sync } from '../dist/jobs/worker/sync.js';
import { createLog } from '../dist/log.js';
import { withEmulator } from './support/emulator.mjs';
import { withFolder } from './support/folder.mjs';
import { median } from './support/median.mjs';

const LIMIT_PERCENT = 3;
const ROUNDS = 15;
const TENANT = ['--users', 5000, '--service-principals', 1000, '--assignments', 20, '--groups', 50, '--members', 100];
const NOBODY = { for: () => () => {}, writeTo() {}, close: () => Promise.resolve() };

export function accessLog() {
  return withFolder((home) =>
    withEmulator(TENANT.map(String), home, async (settings) => {
      const config = readConfig({ ...settings, ROLLCALL_HOME: home });
      const app = await openWorkingApp(config, createLog('silent'));
      try {
        await compare(app);
      } finally {
        await app.close();
      }
    }),
  );
}

async function compare(app) {
  await run(app, app.accessLog);
  const pairs = [];
  for (let round = 0; round < ROUNDS; round += 1) pairs.push(await pair(app, round % 2 === 0));
  const percent = median(pairs.map(({ kept, spared }) => (kept / spared - 1) * 100));
  const [kept, spared] = [median(pairs.map((each) => each.kept)), median(pairs.map((each) => each.spared))];
  const rows = [
    ['with', kept.toFixed(0), percent.toFixed(1), percent > LIMIT_PERCENT ? 'OVER' : ''],
    ['without', spared.toFixed(0), '', ''],
  ];
  process.stdout.write(formatTable(['access log', 'median ms of a run', 'costs %', `> ${LIMIT_PERCENT} %`], rows));
}

/** One right after the other, so that what else the machine does meets both. */
async function pair(app, keptFirst) {
  if (keptFirst) return { kept: await run(app, app.accessLog), spared: await run(app, NOBODY) };
  const spared = await run(app, NOBODY);
  return { kept: await run(app, app.accessLog), spared };
}

async function run(app, accessLog) {
  const [run] = (
    await sync({
      ...app,
      accessLog,
      settings: app.config,
      tasks: [taskNamed('sso-roster')],
      full: false,
      signal: new AbortController().signal,
      onProgress() {},
    })
  ).filter(({ task }) => task === 'sso-roster');
  if (run.outcome !== 'complete') throw new Error(`sso-roster ended ${run.outcome}: ${run.errorMessage}`);
  return Date.parse(run.endedAt) - Date.parse(run.startedAt);
}

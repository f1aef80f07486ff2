// A first read of the HR roster, against the least that any program can do with the same pages, and against the two ways
// in which most programs do it. All of them read the same listing, over the same TLS, into the same Postgres.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { formatCount, formatTable } from '../dist/cli/print.js';
import { connectionStringOf, withDatabase } from './support/database.mjs';
import { withEmulator } from './support/emulator.mjs';
import { withFolder } from './support/folder.mjs';
import { median } from './support/median.mjs';
import { NODE_FLAGS, sync } from './support/sync.mjs';

const USERS = 200_000;
const ROUNDS = 3;
/** The slowest way is not worth minutes: so many rows tell how long all would take. */
const SAMPLE = 5_000;

const MOST = { floor: 1.5 };
const LEAST = { plain: 4, plainest: 20 };
const CONTENDERS = {
  floor: 'the floor: fetch, JSON.parse and COPY of the same bytes, overlapped',
  plain: "the plain way: the SDK's page iterator, and an upsert by drizzle for each page",
  plainest: `the plainest: an upsert for each row, by a sample of ${formatCount(SAMPLE)}`,
};

export function hrRoster() {
  return withFolder((home) => withEmulator(['--users', String(USERS)], home, (settings) => compare(settings, home)));
}

async function compare(settings, home) {
  // The first who asks waits for the emulator to make the pages; all others are given what it has kept.
  await contend('floor', settings);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const seconds = { ours: await ours(settings, home) };
    for (const name of Object.keys(CONTENDERS)) {
      // One round of the slow ones is enough.
      if (name === 'floor' || round === 0) seconds[name] = await contend(name, settings);
    }
    rounds.push(seconds);
  }
  const secondsOf = (name) => median(rounds.map((round) => round[name]).filter((each) => each !== undefined));
  const mine = secondsOf('ours');
  const rows = Object.entries(CONTENDERS).map(([name, label]) => {
    const ratio = name in MOST ? median(rounds.map((round) => round.ours / round[name])) : secondsOf(name) / mine;
    return [
      label,
      secondsOf(name).toFixed(1),
      name in MOST ? ratio.toFixed(2) : '',
      name in LEAST ? ratio.toFixed(1) : '',
      goal(name, ratio),
    ];
  });
  const head = [`${formatCount(USERS)} users`, 'seconds', 'a run is × this', 'this is × a run', 'goal'];
  process.stdout.write(
    formatTable(head, [['a run, with staging, diff and landing', mine.toFixed(1), '', '', ''], ...rows]),
  );
}

function goal(name, ratio) {
  if (name in MOST) return `at most ${MOST[name]}${ratio > MOST[name] ? ': OVER' : ''}`;
  return `at least ${LEAST[name]}${ratio < LEAST[name] ? ': UNDER' : ''}`;
}

/** Each into an empty database on a server that has just started. */
const ours = (settings, home) =>
  withFolder((folder) =>
    withDatabase(folder, async (client) => {
      const run = await sync('hr-roster', { ...settings, DATABASE_URL: connectionStringOf(client) }, home);
      return run.seconds;
    }),
  );

const contend = (name, settings) =>
  withFolder((folder) =>
    withDatabase(folder, async (client) => {
      const file = fileURLToPath(new URL(`./hr-roster/${name}.mjs`, import.meta.url));
      const { PATH } = process.env;
      const env = { PATH, ...settings, DATABASE_URL: connectionStringOf(client), BENCH_SAMPLE: String(SAMPLE) };
      const child = fork(file, { env, execArgv: NODE_FLAGS });
      const [{ seconds, users }] = await once(child, 'message');
      await once(child, 'close');
      return (seconds / users) * USERS;
    }),
  );

// How well workers use a budget that binds: against the least time that it allows, alone and together. Graph's limits are
// scaled down, so that it is the budget and not this machine that sets the pace. BENCH_REDIS_URL adds Redis to Postgres.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:https';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { formatTable } from '../dist/cli/print.js';
import { connectionStringOf, withDatabase } from './support/database.mjs';
import { withEmulator } from './support/emulator.mjs';
import { withFolder } from './support/folder.mjs';

const WORKER = fileURLToPath(new URL('./support/budget-worker.mjs', import.meta.url));
const LIMIT_RATIO = 1.15;
const LIMIT_THROTTLED_PERCENT = 1;

const LIMIT = { units: 200, windowMs: 4000 };
const REQUESTS = 1000;
/** One unit each; what is in the bucket at once needs no time. */
const LEAST_MS = ((REQUESTS - LIMIT.units) * LIMIT.windowMs) / LIMIT.units;
/** In flight, at most, in all workers together. */
const LANES = 16;
/** Graph waits for a second at least; so long it takes until the word is out. */
const RETRY_AFTER_S = 1;
const WORD_MS = 50;

const FLAGS = ['--users', 10, '--service-principals', 50, '--assignments', 1, '--latency', 20];

export async function budget() {
  const stores = [
    ['Postgres', undefined],
    ...(process.env.BENCH_REDIS_URL ? [['Redis', process.env.BENCH_REDIS_URL]] : []),
  ];
  const rows = [];
  for (const [name, redisUrl] of stores)
    for (const workers of [1, 4])
      for (const complaint of [false, true]) rows.push([name, ...(await measure({ redisUrl, workers, complaint }))]);
  const head = [
    'books in',
    'workers',
    'a 429 midway',
    'seconds',
    'least',
    'ratio',
    'sent while told to wait',
    '429s %',
  ];
  process.stdout.write(formatTable([...head, `> ${LIMIT_RATIO}, > 0, > ${LIMIT_THROTTLED_PERCENT} %`], rows));
}

function measure({ redisUrl, workers, complaint }) {
  const throttling = ['--units', LIMIT.units, '--window', LIMIT.windowMs];
  return withFolder((home) =>
    withDatabase(home, (client) =>
      withEmulator([...FLAGS, ...throttling].map(String), home, async (settings) => {
        const databaseUrl = connectionStringOf(client);
        const application = `bench/${Date.now()}`;
        const own = { settings, limit: LIMIT, databaseUrl, redisUrl, application };
        const part = { requests: REQUESTS / workers, lanes: LANES / workers };
        const children = Array.from({ length: workers }, () => start({ ...own, ...part }));
        await Promise.all(children.map((child) => once(child, 'message')));
        if (complaint) await complainMidway(settings);
        await sleep(LIMIT.windowMs);
        return report(await run(children), workers, complaint);
      }),
    ),
  );
}

const start = (task) => fork(WORKER, { env: { PATH: process.env.PATH, BENCH_WORKER: JSON.stringify(task) } });

/** @returns every exchange of all workers, in the order they were sent */
async function run(children) {
  const ends = children.map((child) => once(child, 'message'));
  const closed = children.map((child) => once(child, 'close'));
  for (const child of children) child.send('go');
  const exchanges = (await Promise.all(ends)).flatMap(([sent]) => sent);
  await Promise.all(closed);
  return exchanges.sort((a, b) => a.at - b.at);
}

function report(exchanges, workers, complaint) {
  const ends = exchanges.map(({ at, durationMs }) => at + durationMs);
  const ms = Math.max(...ends) - exchanges[0].at;
  const told = exchanges.filter(({ status }) => status === 429).map(({ at, durationMs }) => at + durationMs);
  const early = exchanges.filter(({ at }) =>
    told.some((t) => at > t + WORD_MS && at < t + RETRY_AFTER_S * 1000),
  ).length;
  const throttled = ((told.length - (complaint ? 1 : 0)) / exchanges.length) * 100;
  const isOver = ms / LEAST_MS > LIMIT_RATIO || early > 0 || throttled > LIMIT_THROTTLED_PERCENT;
  const seconds = [(ms / 1000).toFixed(2), (LEAST_MS / 1000).toFixed(2), (ms / LEAST_MS).toFixed(3)];
  return [workers, complaint ? 'yes' : 'no', ...seconds, early, throttled.toFixed(2), isOver ? 'OVER' : ''];
}

/** Graph may complain below its limits. */
async function complainMidway({ GRAPH_BASE_URL: url, NODE_EXTRA_CA_CERTS: file }) {
  const action = { kind: 'throttle', retryAfter: String(RETRY_AFTER_S) };
  const fault = { pattern: 'appRoleAssignedTo', nth: REQUESTS / 2, action };
  const sent = request(`${url}/emulator/faults`, { method: 'POST', ca: await readFile(file) });
  sent.end(JSON.stringify([fault]));
  const [response] = await once(sent, 'response');
  const body = (await response.toArray()).join('');
  if (response.statusCode !== 200) throw new Error(body);
}

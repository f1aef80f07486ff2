// Two hundred small tenants on a Graph that takes its time: what four workers do in the time of one.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { formatCount, formatTable } from '../dist/cli/print.js';
import { migrateQueue, openQueue } from '../dist/jobs/queue/open.js';
import { installationId, openDatabase, requestRun } from '../dist/store/index.js';
import { connectionStringOf, withDatabase } from './support/database.mjs';
import { withEmulator } from './support/emulator.mjs';
import { withFolder } from './support/folder.mjs';

const MAIN = fileURLToPath(new URL('../dist/bundle/main.js', import.meta.url));
const TENANTS = 200;
const USERS = 500;
const LATENCY_MS = 100;
const WORKERS = 4;
const LEAST_RATIO = 3.5;

export function tenants() {
  const flags = ['--tenants', TENANTS, '--users', USERS, '--latency', LATENCY_MS].map(String);
  return withFolder((home) =>
    withEmulator(flags, home, async (settings) => {
      const alone = await measure(1, settings);
      const together = await measure(WORKERS, settings);
      const ratio = alone.seconds / together.seconds;
      const line = ({ workers, seconds, cpu }, last) => [
        workers,
        seconds.toFixed(1),
        formatCount(Math.round(TENANTS / seconds)),
        ((cpu / seconds) * 100).toFixed(0),
        ...last,
      ];
      const head = ['workers', 'seconds', 'tenants/s', 'CPU of the workers %', 'times one worker', `< ${LEAST_RATIO}`];
      process.stdout.write(`${TENANTS} tenants of ${USERS} users, ${LATENCY_MS} ms latency\n\n`);
      process.stdout.write(
        formatTable(head, [
          line(alone, ['', '']),
          line(together, [ratio.toFixed(2), ratio < LEAST_RATIO ? 'UNDER' : '']),
        ]),
      );
    }),
  );
}

/** All tenants are read once, into an empty database, by workers that have logged in to each of them. */
const measure = (workers, settings) =>
  withFolder((home) =>
    withDatabase(home, async (client) => {
      const url = connectionStringOf(client);
      const log = pino({ level: 'warn' });
      const database = await openDatabase({ url, log });
      await migrateQueue(database.pool);
      const queue = await openQueue({
        redisUrl: undefined,
        databaseUrl: url,
        installationId: await installationId(database),
        log,
      });
      const { rows } = await client.query(
        `insert into rollcall_data.tenants (tenant_id, name, client_id, credential, secret_ref, include_guests, domain_names)
         select case when n = 0 then $1::uuid else ('b19b19b1-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid end,
                'company ' || n, $2, 'secret', 'env:BENCH_SECRET', false, '{}'
         from generate_series(0, $3 - 1) n returning tenant_id`,
        [settings.AZURE_TENANT_ID, settings.AZURE_CLIENT_ID, TENANTS],
      );
      const crew = Array.from({ length: workers }, () => start({ ...settings, DATABASE_URL: url }));
      try {
        await Promise.all(crew.map(({ ready }) => ready));
        const before = crew.reduce((sum, { cpuSeconds }) => sum + cpuSeconds(), 0);
        const began = performance.now();
        for (const { tenant_id: tenantId } of rows) {
          const { id: runId } = await requestRun(database, { tenantId, task: 'hr-roster', full: false });
          await queue.add({ tenantId, task: 'hr-roster', runId });
        }
        await landed(client);
        const seconds = (performance.now() - began) / 1000;
        return { workers, seconds, cpu: crew.reduce((sum, { cpuSeconds }) => sum + cpuSeconds(), 0) - before };
      } finally {
        await Promise.all(crew.map((worker) => worker.stop()));
        await queue.close();
        await database.close();
      }
    }),
  );

function start({ AZURE_TENANT_ID: _t, AZURE_CLIENT_ID: _c, AZURE_CLIENT_SECRET: secret, ...settings }) {
  const off = { SCHEDULE_NIGHTLY: 'off', SCHEDULE_SSO_ACCESS: 'off', LOG_LEVEL: 'info' };
  const child = spawn(process.execPath, [MAIN, 'worker'], {
    env: { PATH: process.env.PATH, ...settings, ...off, BENCH_SECRET: secret },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.resume();
  let served = 0;
  const ready = new Promise((resolve, reject) => {
    child.once('close', () => reject(new Error('a worker ended before it was ready')));
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.includes('tenant served') && (served += 1) === TENANTS) resolve();
    });
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  return {
    ready,
    cpuSeconds: () => cpuSecondsOf(child.pid),
    async stop() {
      child.kill();
      await closed;
    },
  };
}

/** What Linux says; nothing elsewhere. */
function cpuSecondsOf(pid) {
  if (process.platform !== 'linux') return 0;
  const [, fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [, , , , , , , , , , , user, system] = fields.split(' ');
  return (Number(user) + Number(system)) / 100;
}

async function landed(client) {
  for (;;) {
    const { rows } = await client.query(
      `select count(*) filter (where outcome = 'complete')::int as complete, count(*) filter (where outcome = 'failed')::int as failed
       from rollcall_data.runs`,
    );
    if (rows[0].failed > 0) throw new Error(`${rows[0].failed} runs have failed`);
    if (rows[0].complete === TENANTS) return;
    await sleep(50);
  }
}

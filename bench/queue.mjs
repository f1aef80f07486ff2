// What the queue itself costs: jobs that do nothing, put on and taken off. BENCH_REDIS_URL adds Redis to Postgres.
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { formatCount, formatTable } from '../dist/cli/print.js';
import { migrateQueue, openQueue } from '../dist/jobs/queue/open.js';
import { installationId, openDatabase } from '../dist/store/index.js';
import { connectionStringOf, withDatabase } from './support/database.mjs';
import { withFolder } from './support/folder.mjs';

const JOBS = 1000;
const CONCURRENCY = 8;

export function queue() {
  return withFolder((home) =>
    withDatabase(home, async (client) => {
      const url = connectionStringOf(client);
      const database = await openDatabase({ url, log: pino({ level: 'warn' }) });
      try {
        await migrateQueue(database.pool);
        const id = await installationId(database);
        const stores = [
          ['Postgres', undefined],
          ...(process.env.BENCH_REDIS_URL ? [['Redis', process.env.BENCH_REDIS_URL]] : []),
        ];
        const rows = [];
        for (const [name, redisUrl] of stores) rows.push([name, ...(await measure(redisUrl, url, id))]);
        const head = [`${formatCount(JOBS)} jobs, ${CONCURRENCY} at a time`, 'ms to put one on', 'ms to work one off'];
        process.stdout.write(formatTable(head, rows));
      } finally {
        await database.close();
      }
    }),
  );
}

async function measure(redisUrl, databaseUrl, id) {
  const opened = await openQueue({ redisUrl, databaseUrl, installationId: id, log: pino({ level: 'warn' }) });
  try {
    const began = performance.now();
    for (let n = 0; n < JOBS; n += 1) await opened.add({ tenantId: id, task: 'hr-roster', runId: randomUUID() });
    const put = performance.now();
    let left = JOBS;
    let worker;
    await new Promise((resolve) => {
      const process = async () => {
        if ((left -= 1) === 0) resolve();
      };
      worker = opened.work(process, { concurrency: CONCURRENCY });
    });
    const worked = performance.now();
    await worker.close();
    return [((put - began) / JOBS).toFixed(2), ((worked - put) / JOBS).toFixed(2)];
  } finally {
    await opened.removeOf(id);
    await opened.close();
  }
}

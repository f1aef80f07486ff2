// One worker of the budget benchmark: says when it is ready, reads its part when told to, and sends what it exchanged.
import { once } from 'node:events';
import { pino } from 'pino';
import { createRedisBudgets } from '../../dist/store/budget/redis-budget.js';
import { createPostgresBudgets, openDatabase } from '../../dist/store/index.js';
import { scaledClient } from './scaled-client.mjs';

const { settings, limit, databaseUrl, redisUrl, application, requests, lanes } = JSON.parse(process.env.BENCH_WORKER);
const log = pino({ level: 'silent' });
const database = await openDatabase({ url: databaseUrl, log, maxConnections: 4 });
const budgets =
  redisUrl === undefined
    ? createPostgresBudgets(database)
    : createRedisBudgets({ redisUrl, installationId: 'bench', log });

const graph = await scaledClient(settings, { limits: { directory: limit }, budgets, application });

let exchanges = [];
const reader = graph.reader({
  log,
  signal: new AbortController().signal,
  permissions: [],
  onCost() {},
  onExchange: ({ at, durationMs, status }) => exchanges.push({ at: Date.parse(at), durationMs, status }),
});

const ids = [];
for await (const { items } of reader.pages('/servicePrincipals?$select=id&$top=999'))
  ids.push(...items.map(({ id }) => id));
exchanges = [];
process.send('ready');
await once(process, 'message');

let left = requests;
const lane = async () => {
  while (left > 0) {
    left -= 1;
    for await (const _ of reader.pages(`/servicePrincipals/${ids[left % ids.length]}/appRoleAssignedTo?$select=id`));
  }
};
await Promise.all(Array.from({ length: lanes }, lane));

await new Promise((sent) => process.send(exchanges, sent));
await graph.close();
await budgets.close();
await database.close();
process.disconnect();

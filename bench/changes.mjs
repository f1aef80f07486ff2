// What a run costs where nothing has changed, and where one person in a hundred has: as little as there was to write and to
// read.
import { request } from 'node:https';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { formatCount, formatTable } from '../dist/cli/print.js';
import { connectionStringOf, withDatabase } from './support/database.mjs';
import { withEmulator } from './support/emulator.mjs';
import { withFolder } from './support/folder.mjs';
import { sync } from './support/sync.mjs';

const USERS = 200_000;
const CHANGED = USERS / 100;
const MOST_REQUESTS_PERCENT = 5;
const MOST_TIME_PERCENT = 10;
/** Every row version there is: none is written where none of this differs. */
const VERSIONS = `select md5(string_agg(xmin::text || ctid::text, ',' order by user_id)) as versions from rollcall_data.users`;

export function changes() {
  return withFolder((home) =>
    withDatabase(home, (client) =>
      withEmulator(['--users', String(USERS)], home, (settings) =>
        compare({ ...settings, DATABASE_URL: connectionStringOf(client) }, home, client),
      ),
    ),
  );
}

async function compare(settings, home, client) {
  const first = await sync('hr-roster', settings, home);
  const { versions } = await one(client, VERSIONS);
  const full = await sync('hr-roster', settings, home, ['--full']);
  const isSame = (await one(client, VERSIONS)).versions === versions;
  await change(settings, client);
  const delta = await sync('hr-roster', settings, home);
  if (delta.changed !== CHANGED) throw new Error(`${delta.changed} were changed, not ${CHANGED}`);

  const line = (name, run, verdict) => [
    name,
    formatCount(run.requests),
    run.seconds.toFixed(2),
    `${((run.requests / full.requests) * 100).toFixed(1)} %`,
    `${((run.seconds / full.seconds) * 100).toFixed(1)} %`,
    formatCount(run.added + run.changed + run.removed),
    verdict,
  ];
  const isOver =
    delta.requests / full.requests > MOST_REQUESTS_PERCENT / 100 ||
    delta.seconds / full.seconds > MOST_TIME_PERCENT / 100;
  const head = [
    `${formatCount(USERS)} users`,
    'requests',
    'seconds',
    'requests',
    'of a full read',
    'rows written',
    'goal',
  ];
  process.stdout.write(
    formatTable(head, [
      line('first read', first, ''),
      line('nothing changed, everything read', full, `no row version written${isSame ? '' : ': NOT SO'}`),
      line(
        '1 % changed, changes read',
        delta,
        `at most ${MOST_REQUESTS_PERCENT} % of the requests, ${MOST_TIME_PERCENT} % of the time${isOver ? ': OVER' : ''}`,
      ),
    ]),
  );
}

const one = async (client, sql) => (await client.query(sql)).rows[0];

/** Moves people to another department. */
async function change({ GRAPH_BASE_URL: url, NODE_EXTRA_CA_CERTS: file, AZURE_TENANT_ID: tenant }, client) {
  const ca = await readFile(file);
  const { rows } = await client.query('select user_id from rollcall_data.users order by user_id limit $1', [CHANGED]);
  for (const { user_id: id } of rows) {
    const sent = request(`${url}/emulator/tenants/${tenant}/users/${id}`, { method: 'PATCH', ca });
    sent.end(JSON.stringify({ department: 'Moved' }));
    const [response] = await once(sent, 'response');
    const body = (await response.toArray()).join('');
    if (response.statusCode !== 200) throw new Error(body);
  }
}

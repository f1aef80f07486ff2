// Rows as the product makes them, upserted by drizzle, one statement for each list of them.
import { getTableColumns, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Client } from '@microsoft/microsoft-graph-client';
import { Client as PostgresClient } from 'pg';
import { graphUser } from '../../dist/jobs/hr-roster/item.js';
import { toUserRow } from '../../dist/jobs/hr-roster/normalize.js';
import { users } from '../../dist/store/index.js';
import { fetchToken } from './listing.mjs';

const NO_HASH = '00000000-0000-0000-0000-000000000000';

/** @returns the SDK's client, and a function that upserts users as Graph has sent them */
export async function open() {
  const token = await fetchToken();
  const graph = Client.init({
    baseUrl: `${process.env.GRAPH_BASE_URL}/`,
    customHosts: new Set([new URL(process.env.GRAPH_BASE_URL).hostname]),
    authProvider: (done) => done(null, token),
  });
  const client = new PostgresClient({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const db = drizzle(client);
  const { tenantId: _t, userId: _u, firstSeenAt: _f, ...updated } = getTableColumns(users);
  const set = Object.fromEntries(
    Object.entries(updated).map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)]),
  );
  const now = new Date().toISOString();
  const toRow = (item) => ({
    ...toUserRow(graphUser.parse(item)),
    tenantId: process.env.AZURE_TENANT_ID,
    rowHash: NO_HASH,
    firstSeenAt: now,
    changedAt: now,
  });
  const upsert = (items) =>
    db
      .insert(users)
      .values(items.map(toRow))
      .onConflictDoUpdate({ target: [users.tenantId, users.userId], set });
  return { graph, upsert, close: () => client.end() };
}

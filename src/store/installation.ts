import { sql } from 'drizzle-orm';
import type { Logger } from '../log.js';
import type { Database } from './database.js';
import { installation } from './schema/index.js';

/**
 * What tells this database from all others: two that share a Redis must not share their jobs. The id goes with every copy of the
 * database, so beside it stands the place that it was made for; a copy in another place gets an id of its own. So does a database
 * that was moved: its open runs and its schedules are put on the queue again, as after a loss of the queue.
 */
export async function installationId(database: Database, log?: Logger): Promise<string> {
  const place = await placeOf(database);
  const { db } = database;
  const [before = await begin(database)] = await db.select().from(installation).limit(1);
  if (before.place === place) return before.id;
  await db.execute(sql`
    update ${installation} set place = ${place}, id = case when place is null then id else gen_random_uuid() end
    where place is distinct from ${place}`);
  const [after = before] = await db.select().from(installation).limit(1);
  if (after.id !== before.id)
    log?.warn(
      { before: before.id, id: after.id },
      'this database is a copy of another one, or was moved: it has a queue and budgets of its own now',
    );
  return after.id;
}

/** A restore may leave the row out. */
function begin(database: Database): Promise<typeof installation.$inferSelect> {
  return database.transaction(async ({ db }) => {
    await db.execute(sql`lock table ${installation} in share row exclusive mode`);
    const [there] = await db.select().from(installation).limit(1);
    const [made] = there === undefined ? await db.insert(installation).values({}).returning() : [there];
    if (made === undefined) throw new Error('a row that was inserted is returned');
    return made;
  });
}

/** The cluster and the database in it. Some servers do not let us ask for the cluster. */
async function placeOf({ pool }: Database): Promise<string> {
  const { rows } = await pool.query<{ database: string; may: boolean }>(
    `select oid::text as database, has_function_privilege('pg_catalog.pg_control_system()', 'execute') as may
     from pg_database where datname = current_database()`,
  );
  const { database = '?', may = false } = rows[0] ?? {};
  if (!may) return `?/${database}`;
  const { rows: systems } = await pool.query<{ system: string }>(
    'select system_identifier::text as system from pg_control_system()',
  );
  return `${systems[0]?.system ?? '?'}/${database}`;
}

import type { Database } from './database.js';
import { installation } from './schema/index.js';

/** What tells this database from all others: two that share a Redis must not share their jobs. */
export async function installationId({ db }: Database): Promise<string> {
  const [row] = await db.select().from(installation).limit(1);
  if (row === undefined) throw new Error('the migrations leave one row in installation');
  return row.id;
}

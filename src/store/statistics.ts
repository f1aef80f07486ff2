import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import type { Session } from './database.js';

/** From this share of changed rows on, plans made for the rows before are wrong for the rows after. */
const MUCH = 0.1;

/**
 * Renews what the planner knows of a table that has changed much. Autovacuum would come minutes later; until then a view
 * over freshly loaded tables would be planned for empty ones, and take seconds instead of milliseconds.
 */
export async function refreshStatistics(
  db: Session['db'],
  table: SQL,
  { live, written }: { readonly live: number; readonly written: number },
): Promise<void> {
  if (written > live * MUCH) await db.execute(sql`analyze ${table}`);
}

import { sql, type SQL } from 'drizzle-orm';
import type { Session } from '../database.js';

/** From this share of changed rows on, plans made for the rows before are wrong for the rows after. */
const MUCH = 0.1;

/**
 * Renews what the planner knows of a table, those of all tenants together, that has changed much. Autovacuum would come minutes
 * later; until then a view over freshly loaded tables would be planned for empty ones, and take seconds instead of milliseconds.
 * Where another transaction is at it this one does not wait: it would, until that one has landed.
 */
export async function refreshStatistics(db: Session['db'], table: SQL, written: number): Promise<void> {
  if (written === 0) return;
  const { rows } = await db.execute<{ known: string }>(
    sql`select greatest(reltuples, 0)::bigint as known from pg_class where oid = (select tableoid from ${table} limit 1)`,
  );
  if (written > Number(rows[0]?.known ?? 0) * MUCH) await db.execute(sql`analyze (skip_locked) ${table}`);
}

import { sql } from 'drizzle-orm';
import type { Session } from '../database.js';

/**
 * Waits until no other transaction has the turn of this name, and keeps it until this one ends. It is the lock of a row: an advisory
 * lock could be taken by every role of the database, and held.
 */
export async function takeTurn(db: Session['db'], name: string): Promise<void> {
  for (;;) {
    await db.execute(sql`insert into rollcall_staging.turns (name) values (${name}) on conflict do nothing`);
    const { rowCount } = await db.execute(sql`select from rollcall_staging.turns where name = ${name} for update`);
    // The tenant whose turn it was may have been removed meanwhile, and the row with it.
    if (rowCount === 1) return;
  }
}

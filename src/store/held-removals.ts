import { and, eq } from 'drizzle-orm';
import type { Session } from './database.js';
import { heldRemovals } from './schema/index.js';
import type { Owner } from './staging.js';

/** Drops the removals that earlier runs of a task keep: a newer complete read knows better. */
export async function discardHeld(
  db: Session['db'],
  { tenantId, task }: Pick<Owner, 'tenantId' | 'task'>,
): Promise<void> {
  await db.delete(heldRemovals).where(and(eq(heldRemovals.tenantId, tenantId), eq(heldRemovals.task, task)));
}

import { and, eq, max, sql } from 'drizzle-orm';
import type { Database, Session } from '../database.js';
import { cursors } from '../schema/index.js';

export type Cursor = Pick<
  typeof cursors.$inferSelect,
  'tenantId' | 'task' | 'resource' | 'scope' | 'position' | 'fullReadAt' | 'runId'
>;

/** Undefined where no run of this task has landed yet. */
export async function findCursor(
  db: Session['db'],
  { tenantId, task, resource }: Pick<Cursor, 'tenantId' | 'task' | 'resource'>,
): Promise<(Cursor & Pick<typeof cursors.$inferSelect, 'movedAt'>) | undefined> {
  const [cursor] = await db
    .select()
    .from(cursors)
    .where(and(eq(cursors.tenantId, tenantId), eq(cursors.task, task), eq(cursors.resource, resource)));
  return cursor;
}

export async function moveCursor(db: Session['db'], cursor: Cursor): Promise<void> {
  const { scope, position, fullReadAt, runId } = cursor;
  const moved = { scope, position, fullReadAt, runId, movedAt: sql`now()` };
  await db
    .insert(cursors)
    .values({ ...cursor, ...moved })
    .onConflictDoUpdate({ target: [cursors.tenantId, cursors.task, cursors.resource], set: moved });
}

/** Makes the next run read everything: what it would start from is forgotten, what was read under is not. */
export async function forgetPosition(
  db: Session['db'],
  { tenantId, task, resource }: Pick<Cursor, 'tenantId' | 'task' | 'resource'>,
): Promise<void> {
  await db
    .update(cursors)
    .set({ position: null })
    .where(and(eq(cursors.tenantId, tenantId), eq(cursors.task, task), eq(cursors.resource, resource)));
}

/** The tasks of a tenant that have ever landed, and when they last did. */
export async function landings({ db }: Database, tenantId: string): Promise<Map<string, string>> {
  const rows = await db
    .select({ task: cursors.task, movedAt: max(cursors.movedAt) })
    .from(cursors)
    .where(eq(cursors.tenantId, tenantId))
    .groupBy(cursors.task);
  return new Map(rows.map(({ task, movedAt }) => [task, movedAt ?? '']));
}

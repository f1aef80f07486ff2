import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Session } from '../database.js';
import { runs } from '../schema/index.js';
import type { Run, RunCounts } from './runs.js';
import { TakenOver } from './taken-over.js';

/**
 * Ends an open run because an operator wants it so, whoever works on it. Waits for a landing under way.
 * @returns undefined if it had ended already
 */
export async function cancelOpenRun(
  db: Session['db'],
  id: string,
  { counts, message, advice }: { readonly counts: RunCounts; readonly message: string; readonly advice: string },
): Promise<Run | undefined> {
  const [run] = await db
    .update(runs)
    .set({
      ...counts,
      outcome: 'cancelled',
      endedAt: sql`clock_timestamp()`,
      waitingUntil: null,
      waitingFor: null,
      errorCode: 'cancelled',
      errorMessage: message,
      errorAdvice: advice,
    })
    .where(and(eq(runs.id, id), isNull(runs.endedAt)))
    .returning();
  return run;
}

/**
 * Makes sure that nothing ends a run before this transaction does.
 * @throws TakenOver if it has ended, or another attempt has it
 */
export async function keepOpen(db: Session['db'], { id, attempt }: Pick<Run, 'id' | 'attempt'>): Promise<void> {
  const open = and(eq(runs.id, id), eq(runs.attempt, attempt), isNull(runs.endedAt));
  const kept = await db.select({ id: runs.id }).from(runs).where(open).for('share');
  if (kept.length === 0) throw new TakenOver(`run ${id} has ended elsewhere`);
}

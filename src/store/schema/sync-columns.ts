import { timestamp, uuid, text } from 'drizzle-orm/pg-core';

/** Microseconds, as text, because Graph sends more digits than a JavaScript date keeps. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });

/** The columns that every synchronized table spreads; the generic verbs of the store work on any table that does. */
export const syncColumns = {
  /** Of the row's content: equal hash, equal row, nothing to write. */
  rowHash: uuid('row_hash').notNull(),
  firstSeenAt: instant('first_seen_at').notNull(),
  changedAt: instant('changed_at').notNull(),
  removedAt: instant('removed_at'),
  removedRun: uuid('removed_run'),
  /** `gone` (a complete read did not meet it) or `filtered` (it fails a filter). */
  removedReason: text('removed_reason'),
};

export type SyncColumn = keyof typeof syncColumns;

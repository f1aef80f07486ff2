import { doublePrecision, primaryKey, text } from 'drizzle-orm/pg-core';
import { staging } from './schemas.js';
import { instant } from './sync-columns.js';

/** What all processes together ask of Graph. Unlogged: after a crash of Postgres the books begin anew. */
export const budgets = staging.table(
  'budgets',
  {
    /** The tenant and the application that reads it. */
    application: text('application').notNull(),
    bucket: text('bucket').notNull(),
    /** Units used and not yet flowed off, as of `at`. */
    level: doublePrecision('level').notNull(),
    /** Of Graph's limit, what is in use; less than 1 after Graph has complained. */
    share: doublePrecision('share').notNull(),
    at: instant('at').notNull(),
    pausedUntil: instant('paused_until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.application, table.bucket] })],
);

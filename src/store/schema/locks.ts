import { bigint, integer, text } from 'drizzle-orm/pg-core';
import { staging } from './schemas.js';
import { instant } from './sync-columns.js';

/**
 * Who holds what. A row counts for as long as the session `pid` holds the advisory lock `proof`: a random number that nobody
 * else can hold in its name. Unlogged: no session outlives a crash of Postgres.
 */
export const locks = staging.table('locks', {
  name: text('name').notNull(),
  mode: text('mode', { enum: ['exclusive', 'shared'] }).notNull(),
  pid: integer('pid').notNull(),
  proof: bigint('proof', { mode: 'bigint' }).primaryKey(),
  since: instant('since').notNull(),
});

/** A row each for what one transaction at a time may do: it locks the row. Advisory locks are open to every role; rows are not. */
export const turns = staging.table('turns', {
  name: text('name').primaryKey(),
});

import { pgSchema } from 'drizzle-orm/pg-core';

/** What analysts see: views whose names and columns are the product's contract, and nothing else. */
export const contract = pgSchema('rollcall');

/** The normalized tables below the views. They keep removed rows. */
export const data = pgSchema('rollcall_data');

/** Where runs keep what they have read until the read is complete. Unlogged throughout: a crash empties all of it. */
export const staging = pgSchema('rollcall_staging');

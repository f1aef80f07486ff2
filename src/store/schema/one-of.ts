import { sql, type AnyColumn, type SQL } from 'drizzle-orm';

/** The condition of a check: the column has one of these words, or is null. */
export const oneOf = (column: AnyColumn, words: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(', '))})`;

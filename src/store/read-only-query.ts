import { types } from 'pg';
import type { Database } from './database.js';

export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** One statement, in a transaction that cannot write. */
export async function readOnlyQuery({ pool }: Database, text: string): Promise<Answer> {
  const client = await pool.connect();
  try {
    await client.query('begin read only');
    // The extended protocol takes exactly one statement: nothing can leave the transaction and go on writing.
    const query = { text, rowMode: 'array', queryMode: 'extended', types: { getTypeParser } } as const;
    const { fields, rows } = await client.query<unknown[]>(query);
    return { columns: fields.map((field) => field.name), rows };
  } finally {
    client.release(true);
  }
}

const { DATE, TIMESTAMP, TIMESTAMPTZ, INT8 } = types.builtins;
const asText = new Set<number>([DATE, TIMESTAMP, TIMESTAMPTZ]);

// Dates as Postgres writes them: a JavaScript date would lose microseconds, and turn a day into an hour. Counts as numbers.
function getTypeParser(type: number): (value: string) => unknown {
  if (asText.has(type)) return (value) => value;
  if (type === INT8) return Number;
  return types.getTypeParser(type, 'text');
}

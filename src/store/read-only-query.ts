import { TypeOverrides } from 'pg';
import { withClient, type Database } from './database.js';

export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

// Object ids of types: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
const INT8 = 20;
const TIMES = [1082, 1114, 1184, 1186];

/** One statement, in a transaction that cannot write; cancelled where the signal is aborted. Dates come as Postgres writes them, counts as numbers. */
export async function readOnlyQuery({ pool }: Database, text: string, signal: AbortSignal): Promise<Answer> {
  const types = new TypeOverrides();
  types.setTypeParser(INT8, Number);
  // A JavaScript date would lose microseconds and turn a day into an hour; an interval would be an object.
  for (const type of TIMES) types.setTypeParser(type, (value) => value);
  return withClient(
    pool,
    async (client) => {
      const { rows: pids } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const cancel = () => void pool.query('select pg_cancel_backend($1)', [pids[0]?.pid]).catch(() => {});
      signal.addEventListener('abort', cancel, { once: true });
      try {
        await client.query('begin read only');
        // The extended protocol takes exactly one statement: nothing can leave the transaction and go on writing.
        const query = { text, rowMode: 'array', queryMode: 'extended', types } as const;
        const { fields, rows } = await client.query<unknown[]>(query);
        return { columns: fields.map((field) => field.name), rows };
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
    { keep: false },
  );
}

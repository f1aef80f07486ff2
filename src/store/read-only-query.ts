import { TypeOverrides, type ClientBase } from 'pg';
import { RollcallError } from '../errors.js';
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
        await lowerRights(client, text);
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

const ANALYST = 'rollcall_analyst';
/** Roles that may do more at the server than read rows, whatever the transaction: run programs, read files, keep WAL. */
const ABOVE_ROWS = `
  rolsuper or rolreplication or exists (
    select from pg_roles p where p.rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
      and pg_has_role(r.oid, p.oid, 'usage'))`;
/** What a statement that reads begins with, after comments and brackets. `do` and others could take the rights back. */
const READS = /^(?:\s|\(|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:select|with|values|table|explain|show)\b/i;

/**
 * A read-only transaction keeps rows as they are, and nothing else: a superuser could still run programs from it. Such a role
 * asks with the rights of an analyst.
 */
async function lowerRights(client: ClientBase, text: string): Promise<void> {
  const { rows } = await client.query<{ role: string; above: boolean; analyst: boolean }>(
    `select rolname::text as role, ${ABOVE_ROWS} as above,
       exists (select from pg_roles where rolname = $1) as analyst
     from pg_roles r where rolname = current_user`,
    [ANALYST],
  );
  const { role = '?', above = false, analyst = false } = rows[0] ?? {};
  if (!above) return;
  if (!analyst || !READS.test(text)) throw tooMany(role, analyst);
  await client.query(`set local role ${ANALYST}`);
}

const tooMany = (role: string, analyst: boolean) =>
  new RollcallError(
    'command_invalid',
    analyst
      ? `The role ${role} of DATABASE_URL may do more than read rows, so only a statement that begins with select, with, values, table, explain or show is run, as ${ANALYST}`
      : `The role ${role} of DATABASE_URL may do more than read rows, and there is no ${ANALYST} to ask as`,
    analyst ? 'Correct the SQL, or use psql.' : 'Run `rollcall migrate` as a role that may create roles, or use psql.',
  );

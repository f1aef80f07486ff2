import { RollcallError, rootCause, systemCode } from '../../errors.js';
import type { CliContext } from '../context.js';
import { formatTable, jsonLine } from '../print.js';
import { readOnlyQuery } from '../../store/index.js';
import { withReadingApp } from '../with-app.js';

export async function execute(context: CliContext, sql: string, flags: { json?: true }): Promise<void> {
  await withReadingApp(context, async ({ database }) => {
    const { columns, rows } = await readOnlyQuery(database, sql, context.signal).catch(refuse);
    const facts = () =>
      rows.map((row) => jsonLine(Object.fromEntries(columns.map((name, index) => [name, row[index]]))));
    context.out.write(flags.json === true ? facts().join('') : formatTable(columns, rows));
  });
}

/**
 * A SQLSTATE that is about the statement, and not about the connection (08), resources (53) or a server that stops (57P).
 * No class begins with E, as the names of the operating system do (EPERM).
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const ABOUT_STATEMENT = /^(?!E|08|53|57P)[0-9A-Z]{5}$/;

const NOT_ALLOWED = '42501';

function refuse(error: unknown): never {
  if (error instanceof RollcallError) throw error;
  const cause = rootCause(error);
  if (!(cause instanceof Error && ABOUT_STATEMENT.test(systemCode(cause) ?? ''))) throw error;
  throw new RollcallError(
    'command_invalid',
    `Postgres refuses the query: ${cause.message}`,
    systemCode(cause) === NOT_ALLOWED
      ? 'The query has the rights of the role of DATABASE_URL; of a superuser, those of rollcall_analyst, who reads the views of schema rollcall. For more use psql.'
      : 'Correct the SQL. Only one statement that reads is possible.',
  );
}

import { Command } from 'commander';
import { RollcallError, rootCause } from '../errors.js';
import { readSettings, using, type CliContext } from './context.js';
import { formatTable, jsonLine } from './print.js';

export function queryCommand(context: CliContext): Command {
  return new Command('query')
    .description('run one SQL statement, read-only, for where no other client is at hand')
    .argument('<sql>', "such as 'select * from rollcall.hr_roster limit 5'")
    .option('--json', 'print one JSON object per row')
    .action(async (sql: string, flags: { json?: true }) => {
      const { config, log } = readSettings(context, { needsTenant: false, quiet: true });
      const { openReadingApp } = await import('../app.js');
      const { readOnlyQuery } = await import('../store/index.js');
      await using(openReadingApp(config, log), async ({ database }) => {
        const { columns, rows } = await readOnlyQuery(database, sql, context.signal).catch(refuse);
        const facts = () =>
          rows.map((row) => jsonLine(Object.fromEntries(columns.map((name, index) => [name, row[index]]))));
        context.out.write(flags.json === true ? facts().join('') : formatTable(columns, rows));
      });
    });
}

function refuse(error: unknown): never {
  const cause = rootCause(error);
  const said = cause instanceof Error ? cause.message : String(cause);
  throw new RollcallError(
    'command_invalid',
    `Postgres refuses the query: ${said}`,
    'Correct the SQL. Only one statement that reads is possible.',
  );
}

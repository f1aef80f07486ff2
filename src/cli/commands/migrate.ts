import { Command } from 'commander';
import type { Database } from '../../store/index.js';
import { patienceIn, readSettings, using, type CliContext } from '../context.js';
import { jsonOption } from '../flags.js';
import { operating } from '../operating.js';
import { jsonLine } from '../print.js';

export function migrateCommand(context: CliContext): Command {
  return new Command('migrate')
    .description('bring the database up to this version (`sync` and `worker` do it as well)')
    .addOption(jsonOption('database'))
    .action(async (flags: { json?: true }) => {
      const { config, log } = readSettings(context, { quiet: true });
      const { openMigratedApp } = await import('../../app.js');
      const opening = openMigratedApp(config, log, {
        ...patienceIn(context),
        migrating: (database, migrate) => recorded(context, database, migrate),
      });
      await using(opening, async ({ applied, databaseLocation }) => {
        const said = `${databaseLocation}: ${applied === 0 ? 'up to date' : `${applied} migrations applied`}\n`;
        context.out.write(flags.json === true ? jsonLine({ database: databaseLocation, applied }) : said);
      });
    });
}

/** With an account of it if there is anything to apply: written before, unless the table for it comes only with it. */
async function recorded(context: CliContext, database: Database, migrate: () => Promise<number>): Promise<number> {
  const { keepsActions, migrationState } = await import('../../store/index.js');
  const told = { action: 'migrate' } as const;
  const state = await migrationState(database);
  if (state.applied >= state.known) return migrate();
  const record = (work: () => Promise<number>) =>
    operating(context, database, told, async (action) => {
      const applied = await work();
      await action.done(database.db, { details: { applied, from: state.applied, to: state.known } });
      return applied;
    });
  if (await keepsActions(database)) return record(migrate);
  const applied = await migrate();
  return record(async () => applied);
}

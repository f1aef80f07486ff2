import { Command } from 'commander';
import { readSettings, using, type CliContext } from './context.js';

export function migrateCommand(context: CliContext): Command {
  return new Command('migrate')
    .description('bring the database up to this version (`sync` and `worker` do it as well)')
    .action(async () => {
      const { config, log } = readSettings(context, { needsTenant: false, quiet: true });
      const { openMigratedApp } = await import('../app.js');
      await using(openMigratedApp(config, log), async ({ applied, databaseLocation }) => {
        context.out.write(`${databaseLocation}: ${applied === 0 ? 'up to date' : `${applied} migrations applied`}\n`);
      });
    });
}

import { Command } from 'commander';
import { readSettings, using, type CliContext } from './context.js';
import { reportUnreachable, servedOf } from './unreachable.js';
import { rehearseTasks } from './dry-run.js';
import { jsonOption, tenantOption } from './flags.js';
import { showRuns } from './show-runs.js';

interface SyncFlags {
  readonly tenant?: string;
  readonly full?: true;
  readonly dryRun?: true;
  readonly verbose?: true;
  readonly json?: true;
}

export function syncCommand(context: CliContext): Command {
  return new Command('sync')
    .description('run tasks now and wait for them (all tasks and tenants, where none is named)')
    .argument('[task...]', 'hr-roster, …')
    .addOption(tenantOption())
    .option('--full', 'read everything, even where a delta would do')
    .option('--dry-run', 'write nothing; print what would be added, changed and removed')
    .option('--verbose', 'with --dry-run: print every row as well')
    .addOption(jsonOption('run'))
    .action(async (names: string[], flags: SyncFlags) => {
      const { config, log } = readSettings(context, { needsTenant: false, quiet: true });
      const { openWorkingApp } = await import('../app.js');
      const { taskNamed, tasks } = await import('../jobs/registry.js');
      const { sync } = await import('../jobs/sync.js');
      const chosen = names.length === 0 ? tasks : [...new Set(names)].map(taskNamed);
      await using(openWorkingApp(config, log, { only: flags.tenant }), async (app) => {
        if (flags.dryRun === true) await rehearseTasks(app, chosen, context, flags);
        else
          await showRuns(app, context, flags, (waiting) =>
            sync({ ...waiting, tenantIds: servedOf(app), tasks: chosen, full: flags.full === true }),
          );
        await reportUnreachable(app, context);
      });
    });
}

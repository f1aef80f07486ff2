import { Command } from 'commander';
import { readSettings, using, type CliContext } from '../../context.js';
import { requireTenant } from '../../lookup.js';
import { jsonOption } from '../../flags.js';
import { formatTable, jsonLine } from '../../print.js';
import { factsOf } from './facts.js';

export function showCommand(context: CliContext): Command {
  return new Command('show')
    .description('everything that is written of a tenant; its secret is not')
    .argument('<tenant>', 'its name or id')
    .addOption(jsonOption('tenant'))
    .action(async (nameOrId: string, flags: { json?: true }) => {
      const { config, log } = readSettings(context, { quiet: true });
      const { openReadingApp } = await import('../../../app.js');
      await using(openReadingApp(config, log), async (app) => {
        const { tenantId } = await requireTenant(app.database, nameOrId);
        const facts = await factsOf(app, tenantId);
        context.out.write(flags.json === true ? jsonLine(facts) : formatTable(['', ''], Object.entries(facts)));
      });
    });
}

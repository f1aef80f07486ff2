import { Command } from 'commander';
import type { CliContext } from '../../context.js';
import { jsonOption } from '../../flags.js';
import { lazily } from '../../lazily.js';
import { addFieldOptions } from './field-options.js';

export function tenantsCommand(context: CliContext): Command {
  const group = new Command('tenants').description(
    'the registered tenants, which are read in addition to that of the environment',
  );
  for (const command of commandsIn(context)) group.addCommand(command);
  return group;
}

const commandsIn = (context: CliContext): readonly Command[] => [
  new Command('list')
    .description('list the registered tenants, and that of the environment')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, () => import('./list.js'))),

  new Command('show')
    .description("show a tenant's settings (never its secret)")
    .argument('<tenant>', 'its name or id')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, () => import('./show.js'))),

  addFieldOptions(
    new Command('add')
      .description('add a tenant; running workers pick it up within seconds')
      .argument('<name>', 'its name')
      .requiredOption('--tenant-id <id>', "the directory's id"),
  )
    .option('--force', 'even if it cannot be read now')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, () => import('./add.js'))),

  addFieldOptions(
    new Command('update')
      .description("change a tenant's settings; its running jobs restart if the change affects them")
      .argument('<tenant>', 'its name or id')
      .option('--name <name>', 'its new name'),
  )
    .option('--force', 'even if it cannot be read with these settings now')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, () => import('./update.js'))),

  new Command('disable')
    .description('stop reading a tenant at once; its rows stay, and running jobs keep their checkpoints')
    .argument('<tenant>', 'its name or id')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, async () => (await import('./switch.js')).disable)),

  new Command('enable')
    .description('read a disabled tenant again, and catch up on what was missed')
    .argument('<tenant>', 'its name or id')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, async () => (await import('./switch.js')).enable)),

  new Command('remove')
    .description('stop reading a tenant and delete all of its rows for ever; if interrupted, run it again')
    .argument('<tenant>', 'its name or id')
    .option('--confirm <name>', 'the same name again, for scripts')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, () => import('./remove.js'))),

  new Command('apply')
    .description('make the registered tenants those of a file; prints the differences first')
    .argument('[file]', 'a YAML file; ROLLCALL_TENANTS by default')
    .option('--dry-run', 'print the differences, and change nothing')
    .option('--remove', 'delete the tenants that the file does not name, with all of their rows, for ever')
    .option('--force', 'even if a tenant cannot be read now')
    .option('--json', 'print one JSON object per difference')
    .action(lazily(context, () => import('./apply.js'))),
];

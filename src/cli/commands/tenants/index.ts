import { Command } from 'commander';
import type { CliContext } from '../../context.js';
import { jsonOption } from '../../flags.js';
import { lazily } from '../../lazily.js';
import { addFieldOptions } from './field-options.js';

export function tenantsCommand(context: CliContext): Command {
  const group = new Command('tenants').description(
    'the tenants that are read, beside the one that the environment describes',
  );
  for (const command of commandsIn(context)) group.addCommand(command);
  return group;
}

const commandsIn = (context: CliContext): readonly Command[] => [
  new Command('list')
    .description('the tenants that are kept, and the one that the environment describes')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, () => import('./list.js'))),

  new Command('show')
    .description('everything that is written of a tenant; its secret is not')
    .argument('<tenant>', 'its name or id')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, () => import('./show.js'))),

  addFieldOptions(
    new Command('add')
      .description('have one more tenant read, from now on; workers that run notice it')
      .argument('<name>', 'what to call it')
      .requiredOption('--tenant-id <id>', "the directory's id"),
  )
    .option('--force', 'even where it cannot be read now')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, () => import('./add.js'))),

  addFieldOptions(
    new Command('update')
      .description('change what is written of a tenant; what is under way of it begins anew where that matters')
      .argument('<tenant>', 'its name or id')
      .option('--name <name>', 'what to call it from now on'),
  )
    .option('--force', 'even where it cannot be read so now')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, () => import('./update.js'))),

  new Command('disable')
    .description('stop reading a tenant, at once; its rows stay, and what is under way keeps its place')
    .argument('<tenant>', 'its name or id')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, async () => (await import('./switch.js')).disable)),

  new Command('enable')
    .description('read a disabled tenant again; what was missed is made up for')
    .argument('<tenant>', 'its name or id')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, async () => (await import('./switch.js')).enable)),

  new Command('remove')
    .description('stop reading a tenant and delete all of its rows, for ever; ended in the middle, it can be run again')
    .argument('<tenant>', 'its name or id')
    .option('--confirm <name>', 'the same name once more, where nobody can be asked')
    .addOption(jsonOption('tenant'))
    .action(lazily(context, () => import('./remove.js'))),

  new Command('apply')
    .description('make the tenants that are kept those of a file; what differs is printed first')
    .argument('[file]', 'a YAML file; that of ROLLCALL_TENANTS unless given')
    .option('--dry-run', 'print what differs, and change nothing')
    .option('--remove', 'delete the tenants that the file does not name, with all of their rows, for ever')
    .option('--force', 'even where a tenant cannot be read now')
    .option('--json', 'print one JSON object per difference')
    .action(lazily(context, () => import('./apply.js'))),
];

import { Command } from 'commander';
import type { CliContext } from '../../context.js';
import { addCommand } from './add.js';
import { applyCommand } from './apply.js';
import { listCommand } from './list.js';
import { removeCommand } from './remove.js';
import { showCommand } from './show.js';
import { disableCommand, enableCommand } from './switch.js';
import { updateCommand } from './update.js';

const commands = [
  listCommand,
  showCommand,
  addCommand,
  updateCommand,
  disableCommand,
  enableCommand,
  removeCommand,
  applyCommand,
];

export function tenantsCommand(context: CliContext): Command {
  const group = new Command('tenants').description(
    'the tenants that are read, beside the one that the environment describes',
  );
  for (const command of commands) group.addCommand(command(context));
  return group;
}

import { Command } from 'commander';
import { accessLogCommand } from './commands/access-log.js';
import { actionsCommand } from './commands/actions.js';
import { cancelCommand } from './commands/cancel.js';
import { completionCommand } from './commands/completion.js';
import type { CliContext } from './context.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { discardCommand, releaseCommand } from './commands/release-discard.js';
import { jobsCommand } from './commands/jobs.js';
import { migrateCommand } from './commands/migrate.js';
import { quarantineCommand } from './commands/quarantine.js';
import { queryCommand } from './commands/query.js';
import { replayCommand } from './commands/replay.js';
import { runsCommand } from './commands/runs.js';
import { statusCommand } from './commands/status.js';
import { syncCommand } from './commands/sync.js';
import { tenantsCommand } from './commands/tenants/index.js';
import { workerCommand } from './commands/worker.js';

const commands = [
  demoCommand,
  doctorCommand,
  syncCommand,
  workerCommand,
  statusCommand,
  runsCommand,
  jobsCommand,
  replayCommand,
  cancelCommand,
  releaseCommand,
  discardCommand,
  quarantineCommand,
  accessLogCommand,
  actionsCommand,
  queryCommand,
  tenantsCommand,
  migrateCommand,
  completionCommand,
];

/** The whole command line. Commands load what they need when they are called: `--help` needs none of it. */
export function createProgram(context: CliContext): Command {
  const program = new Command('rollcall')
    .description('Keeps a true, queryable copy of a Microsoft Entra tenant in Postgres.')
    .version('0.1.0')
    .showHelpAfterError('(--help tells more)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.out.write(text), writeErr: (text) => context.err.write(text) })
    .addHelpText('after', '\nSettings are environment variables, or lines of a file .env here: see README.md.');
  for (const command of commands) {
    const added = command(context).copyInheritedSettings(program);
    for (const below of added.commands) below.copyInheritedSettings(program);
    program.addCommand(added);
  }
  return program;
}

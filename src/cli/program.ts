import { Command } from 'commander';
import { accessLogCommand } from './access-log.js';
import { actionsCommand } from './actions.js';
import { cancelCommand } from './cancel.js';
import { completionCommand } from './completion.js';
import type { CliContext } from './context.js';
import { demoCommand } from './demo.js';
import { doctorCommand } from './doctor.js';
import { discardCommand, releaseCommand } from './held-run.js';
import { jobsCommand } from './jobs.js';
import { migrateCommand } from './migrate.js';
import { quarantineCommand } from './quarantine.js';
import { queryCommand } from './query.js';
import { replayCommand } from './replay.js';
import { runsCommand } from './runs.js';
import { statusCommand } from './status.js';
import { syncCommand } from './sync.js';
import { tenantsCommand } from './tenants/index.js';
import { workerCommand } from './worker.js';

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

import { Command, Option } from 'commander';
import { tenantsCommand } from './commands/tenants/index.js';
import type { CliContext } from './context.js';
import {
  actionOption,
  askedByOption,
  jobStateOption,
  jsonOption,
  limitOption,
  outcomeOption,
  shellArgument,
  sinceOption,
  taskOption,
  tenantOption,
  toCount,
  toStatus,
  toUuid,
  untilOption,
} from './flags.js';
import { lazily } from './lazily.js';
import { rollcallVersion } from './version.js';

/** The whole command line. What a command does is loaded when it is asked for: `--help` needs none of it. */
export function createProgram(context: CliContext): Command {
  const program = new Command('rollcall')
    .description('Keeps a true, queryable copy of a Microsoft Entra tenant in Postgres.')
    .version(rollcallVersion())
    .showHelpAfterError('(--help tells more)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.out.write(text), writeErr: (text) => context.err.write(text) })
    .addHelpText('after', '\nSettings are environment variables, or lines of a file .env here: see README.md.');
  for (const command of commandsIn(context)) {
    command.copyInheritedSettings(program);
    for (const below of command.commands) below.copyInheritedSettings(program);
    program.addCommand(command);
  }
  return program;
}

const commandsIn = (context: CliContext): readonly Command[] => [
  new Command('demo')
    .description('run every task against a local Graph with a sample tenant, and show what lands')
    .addOption(jsonOption('run'))
    .action(lazily(context, () => import('./commands/demo.js'))),

  new Command('doctor')
    .description('what is wrong with the set-up, and what to do: database, queue, login, permissions, license, …')
    .addOption(new Option('--tenant <name or id>', 'only of this tenant'))
    .addOption(jsonOption('check'))
    .addHelpText('after', DOCTOR_HELP)
    .action(lazily(context, () => import('./commands/doctor.js'))),

  new Command('sync')
    .description('run tasks now and wait for them (all tasks and tenants, where none is named)')
    .argument('[task...]', 'hr-roster, …')
    .addOption(tenantOption())
    .option('--full', 'read everything, even where a delta would do')
    .option('--dry-run', 'write nothing; print what would be added, changed and removed')
    .option('--verbose', 'with --dry-run: print every row as well')
    .addOption(jsonOption('run'))
    .action(lazily(context, () => import('./commands/sync.js'))),

  new Command('worker')
    .description('work the queue and keep the schedule until told to stop (SIGTERM; a second one ends at once)')
    .addOption(tenantOption())
    .option('--check', 'only say whether a worker works here, on this database: exit code 0 if it does, else 1')
    .action(lazily(context, () => import('./commands/worker.js'))),

  new Command('status')
    .description('the last run of every task, and what to do next')
    .addOption(tenantOption())
    .option('--json', 'print one JSON object per task and tenant, and one per warning')
    .action(lazily(context, () => import('./commands/status.js'))),

  new Command('runs')
    .description('what ran, newest first; with an id, everything about one run')
    .argument('[run]', "a run's id", toUuid)
    .addOption(tenantOption())
    .addOption(taskOption())
    .addOption(outcomeOption())
    .addOption(limitOption(20))
    .addOption(jsonOption('run'))
    .action(lazily(context, () => import('./commands/runs.js'))),

  new Command('jobs')
    .description('what waits on the queue, is worked on, or failed')
    .addOption(jobStateOption())
    .addOption(tenantOption())
    .addOption(taskOption())
    .option('--retry-failed', 'put every failed job on the queue again; its run goes on from its checkpoint')
    .addOption(jsonOption('job'))
    .action(lazily(context, () => import('./commands/jobs.js'))),

  new Command('replay')
    .description('go on with a failed run from its checkpoint; read a partial or held one again')
    .argument('<run>', 'the id of a run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(lazily(context, () => import('./commands/replay.js'))),

  new Command('cancel')
    .description('end a run that has not ended, whoever works on it; it keeps its checkpoint')
    .argument('<run>', 'the id of a run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(lazily(context, () => import('./commands/cancel.js'))),

  new Command('release')
    .description('let the removals of a held run go: exactly those on its list')
    .argument('<run>', 'the id of a held run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(lazily(context, async () => (await import('./commands/release-discard.js')).release)),

  new Command('discard')
    .description('drop the removals of a held run: its rows stay')
    .argument('<run>', 'the id of a held run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(lazily(context, async () => (await import('./commands/release-discard.js')).discard)),

  new Command('quarantine')
    .description('the items kept aside because no schema accepts them, and why; with a number, one of them as it came')
    .argument('[number]', 'the number of one of them', toCount)
    .addOption(tenantOption())
    .addOption(taskOption())
    .option('--run <id>', 'only of this run', toUuid)
    .addOption(limitOption(50))
    .addOption(jsonOption('item'))
    .action(lazily(context, () => import('./commands/quarantine.js'))),

  new Command('access-log')
    .description('what was asked of Graph and of the login with these credentials, newest first')
    .addOption(tenantOption())
    .addOption(taskOption())
    .option('--run <id>', 'only of this run', toUuid)
    .option('--status <code>', 'only answers with this HTTP status', toStatus)
    .option('--uri <text>', 'only requests whose URI has this text, such as the id of a group or an application')
    .option('--application <id>', 'only what was asked as this application (its client id)', toUuid)
    .addOption(askedByOption())
    .option('--failed', 'only what did not succeed')
    .addOption(sinceOption())
    .addOption(untilOption())
    .addOption(limitOption(50))
    .addOption(jsonOption('exchange'))
    .action(lazily(context, () => import('./commands/access-log.js'))),

  new Command('actions')
    .description('what people told Rollcall to do: who, what, when and from where, newest first')
    .addOption(tenantOption())
    .addOption(actionOption())
    .option('--run <id>', 'only what is about this run', toUuid)
    .addOption(sinceOption())
    .addOption(untilOption())
    .addOption(limitOption(50))
    .addOption(jsonOption('action'))
    .action(lazily(context, () => import('./commands/actions.js'))),

  new Command('query')
    .description(
      'run one SQL statement, read-only, with the rights of the role of DATABASE_URL, or of rollcall_analyst if that role is a superuser',
    )
    .argument('<sql>', "such as 'select * from rollcall.hr_roster limit 5'")
    .option('--json', 'print one JSON object per row')
    .action(lazily(context, () => import('./commands/query.js'))),

  tenantsCommand(context),

  new Command('migrate')
    .description('bring the database up to this version (`sync` and `worker` do it as well)')
    .addOption(jsonOption('database'))
    .action(lazily(context, () => import('./commands/migrate.js'))),

  new Command('completion')
    .description('print what makes a shell complete commands and options: source it, or save it where the shell looks')
    .addArgument(shellArgument())
    .addHelpText('after', COMPLETION_HELP)
    .action(lazily(context, () => import('./commands/completion.js'))),
];

const DOCTOR_HELP = `
Each line is ok, a warning (it works, but not fully, or not for long) or a problem (something does not work).
The exit code is 1 if there is a problem, otherwise 0; warnings do not change it. Doctor changes nothing, and every
request is recorded in the access log.`;

const COMPLETION_HELP = `
  bash  rollcall completion bash > ~/.local/share/bash-completion/completions/rollcall
  zsh   rollcall completion zsh > "\${fpath[1]}/_rollcall"
  fish  rollcall completion fish > ~/.config/fish/completions/rollcall.fish`;

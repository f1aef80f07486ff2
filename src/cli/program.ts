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

/** The whole command line. The work of a command is loaded when it is asked for; `--help` needs none of it. */
export function createProgram(context: CliContext): Command {
  const program = new Command('rollcall')
    .description('Keeps a true, queryable copy of a Microsoft Entra tenant in Postgres.')
    .version(rollcallVersion())
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.out.write(text), writeErr: (text) => context.err.write(text) })
    .addHelpText(
      'after',
      '\nSettings are environment variables, or lines of a .env file in this folder: see README.md.',
    );
  for (const command of commandsIn(context)) {
    command.copyInheritedSettings(program);
    for (const below of command.commands) below.copyInheritedSettings(program);
    program.addCommand(command);
  }
  return program;
}

const commandsIn = (context: CliContext): readonly Command[] => [
  new Command('demo')
    .description('run every task against a local Graph with a sample tenant, and show the rows')
    .addOption(jsonOption('run'))
    .action(lazily(context, () => import('./commands/demo.js'))),

  new Command('doctor')
    .description('check the set-up and say what to do: database, queue, login, permissions, license, …')
    .addOption(new Option('--tenant <name or id>', 'check only this tenant'))
    .addOption(jsonOption('check'))
    .addHelpText('after', DOCTOR_HELP)
    .action(lazily(context, () => import('./commands/doctor.js'))),

  new Command('sync')
    .description('run tasks now and wait for them (all tasks and tenants by default)')
    .argument('[task...]', 'hr-roster, …')
    .addOption(tenantOption())
    .option('--full', 'read everything, even if a delta would do')
    .option('--dry-run', 'write nothing; print what would be added, changed and removed')
    .option('--verbose', 'with --dry-run: print every row as well')
    .addOption(jsonOption('run'))
    .action(lazily(context, () => import('./commands/sync.js'))),

  new Command('worker')
    .description('work on the queue and start scheduled runs until stopped (SIGTERM; a second one stops at once)')
    .addOption(tenantOption())
    .option('--check', 'only check that a worker is running here, on this database: exit code 0 if so, otherwise 1')
    .action(lazily(context, () => import('./commands/worker.js'))),

  new Command('status')
    .description('show the last run of every task, and what to do next')
    .addOption(tenantOption())
    .option('--json', 'print one JSON object per task and tenant, and one per warning')
    .action(lazily(context, () => import('./commands/status.js'))),

  new Command('runs')
    .description('list runs, newest first; with an id, show everything about one run')
    .argument('[run]', 'the id of a run', toUuid)
    .addOption(tenantOption())
    .addOption(taskOption())
    .addOption(outcomeOption())
    .addOption(limitOption(20))
    .addOption(jsonOption('run'))
    .action(lazily(context, () => import('./commands/runs.js'))),

  new Command('jobs')
    .description('list the jobs that are waiting, running or failed')
    .addOption(jobStateOption())
    .addOption(tenantOption())
    .addOption(taskOption())
    .option('--retry-failed', 'retry every failed job; its run resumes from its checkpoint')
    .addOption(jsonOption('job'))
    .action(lazily(context, () => import('./commands/jobs.js'))),

  new Command('replay')
    .description('resume a failed run from its checkpoint, or repeat a partial or held one')
    .argument('<run>', 'the id of a run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(lazily(context, () => import('./commands/replay.js'))),

  new Command('cancel')
    .description('cancel a run, whichever process works on it; it keeps its checkpoint')
    .argument('<run>', 'the id of a run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(lazily(context, () => import('./commands/cancel.js'))),

  new Command('release')
    .description('approve the removals of a held run: the rows on its list, and no others, are removed')
    .argument('<run>', 'the id of a held run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(lazily(context, async () => (await import('./commands/release-discard.js')).release)),

  new Command('discard')
    .description('reject the removals of a held run: its rows stay')
    .argument('<run>', 'the id of a held run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(lazily(context, async () => (await import('./commands/release-discard.js')).discard)),

  new Command('quarantine')
    .description('list the items that no schema accepts, and why; with a number, show one of them as Graph sent it')
    .argument('[number]', 'the number of an item', toCount)
    .addOption(tenantOption())
    .addOption(taskOption())
    .option('--run <id>', 'only of this run', toUuid)
    .addOption(limitOption(50))
    .addOption(jsonOption('item'))
    .action(lazily(context, () => import('./commands/quarantine.js'))),

  new Command('access-log')
    .description('list the requests to Graph and the login, newest first')
    .addOption(tenantOption())
    .addOption(taskOption())
    .option('--run <id>', 'only of this run', toUuid)
    .option('--status <code>', 'only responses with this HTTP status', toStatus)
    .option('--uri <text>', 'only requests whose URI contains this text, such as the id of a group or an application')
    .option('--application <id>', 'only requests of this application (its client id)', toUuid)
    .addOption(askedByOption())
    .option('--failed', 'only requests that failed')
    .addOption(sinceOption())
    .addOption(untilOption())
    .addOption(limitOption(50))
    .addOption(jsonOption('exchange'))
    .action(lazily(context, () => import('./commands/access-log.js'))),

  new Command('actions')
    .description('list what operators told Rollcall to do: who, what, when and from where, newest first')
    .addOption(tenantOption())
    .addOption(actionOption())
    .option('--run <id>', 'only actions on this run', toUuid)
    .addOption(sinceOption())
    .addOption(untilOption())
    .addOption(limitOption(50))
    .addOption(jsonOption('action'))
    .action(lazily(context, () => import('./commands/actions.js'))),

  new Command('query')
    .description(
      'run one read-only SQL statement with the rights of the role of DATABASE_URL, or of rollcall_analyst if that role is a superuser',
    )
    .argument('<sql>', "such as 'select * from rollcall.hr_roster limit 5'")
    .option('--json', 'print one JSON object per row')
    .action(lazily(context, () => import('./commands/query.js'))),

  tenantsCommand(context),

  new Command('migrate')
    .description('migrate the database to this version (`sync` and `worker` do so too)')
    .addOption(jsonOption('database'))
    .action(lazily(context, () => import('./commands/migrate.js'))),

  new Command('completion')
    .description('print a completion script for a shell: source it, or save it in the folder for completions')
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

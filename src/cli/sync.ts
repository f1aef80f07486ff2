import { Command } from 'commander';
import type { WorkingApp } from '../app.js';
import type { Task } from '../jobs/task.js';
import type { Run } from '../store/index.js';
import { readSettings, using, type CliContext } from './context.js';
import { formatTable, jsonLine } from './print.js';
import { createProgressDisplay } from './progress-display.js';
import { adviceFor, RUN_HEAD, runFacts, runRow } from './run-facts.js';

interface SyncFlags {
  readonly full?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

export function syncCommand(context: CliContext): Command {
  return new Command('sync')
    .description('run tasks now and wait for them (all tasks, where none is named)')
    .argument('[task...]', 'hr-roster, …')
    .option('--full', 'read everything, even where a delta would do')
    .option('--dry-run', 'write nothing; print what would be added, changed and removed')
    .option('--json', 'print one JSON object per run')
    .action(async (names: string[], flags: SyncFlags) => {
      const { config, log } = readSettings(context, { needsTenant: true, quiet: true });
      const { openWorkingApp } = await import('../app.js');
      const { taskNamed, tasks } = await import('../jobs/registry.js');
      const chosen = names.length === 0 ? tasks : [...new Set(names)].map(taskNamed);
      await using(openWorkingApp(config, log), async (app) => {
        if (flags.dryRun === true) await rehearseTasks(app, chosen, context, flags).catch(unlessStopped(context));
        else await syncTasks(app, chosen, context, flags);
      });
    });
}

async function syncTasks(
  app: WorkingApp,
  tasks: readonly Task[],
  context: CliContext,
  flags: SyncFlags,
): Promise<void> {
  const { sync } = await import('../jobs/sync.js');
  const display = createProgressDisplay(context.err);
  const runs = await sync({
    ...app,
    tenants: [app.tenant],
    tenantId: app.tenant.tenantId,
    settings: app.config,
    tasks,
    full: flags.full === true,
    signal: context.signal,
    onProgress: (progress) => display.update(progress),
  }).finally(() => display.stop());
  context.out.write(
    flags.json === true ? runs.map((run) => jsonLine(runFacts(run))).join('') : formatTable(RUN_HEAD, runs.map(runRow)),
  );
  for (const run of runs) context.err.write(explain(run));
  if (context.signal.aborted) context.setExitCode(130);
  else if (runs.some((run) => run.outcome !== 'complete')) context.setExitCode(1);
}

function explain(run: Run): string {
  const advice = adviceFor(run, false);
  return advice === '' ? '' : `${run.task} ${run.outcome}: ${advice}\n`;
}

async function rehearseTasks(
  app: WorkingApp,
  tasks: readonly Task[],
  context: CliContext,
  flags: SyncFlags,
): Promise<void> {
  const { rehearse } = await import('../jobs/rehearse.js');
  const { database, log, config, tenant } = app;
  const run = { database, log, signal: context.signal, settings: config, ...tenant };
  for (const task of tasks) {
    const { outcome, counts } = await rehearse(task, tenant.tenantId, run);
    const { added, changed, removed, unchanged, filtered, quarantined } = counts;
    const found = { added, changed, removed, unchanged, filtered, quarantined };
    const facts = { task: task.name, tenant_id: tenant.tenantId, dry_run: true, would_end: outcome, ...found };
    if (flags.json === true) context.out.write(jsonLine(facts));
    else
      context.out.write(
        formatTable(['dry run', 'would end', ...Object.keys(found)], [[task.name, outcome, ...Object.values(found)]]),
      );
  }
}

const unlessStopped = (context: CliContext) => (error: unknown) => {
  if (!context.signal.aborted) throw error;
  context.err.write('Stopped. A dry run leaves nothing behind.\n');
  context.setExitCode(130);
};

import type { WorkingApp } from '../app.js';
import { RollcallError } from '../errors.js';
import type { Tenant } from '../jobs/worker/served-tenants.js';
import type { Task } from '../jobs/task.js';
import type { RowDifference } from '../store/index.js';
import type { CliContext } from './context.js';
import { tenantNames } from './lookup.js';
import { formatTable, formatValue, jsonLine } from './print.js';
import { describeSkipped } from './skipped-parents.js';
import { dryRun } from '../jobs/run/dry-run.js';

interface DryRunFlags {
  readonly full?: true;
  readonly verbose?: true;
  readonly json?: true;
}

/** Prints what runs of these tasks would add, change and remove; with `verbose` row by row. */
export async function dryRunTasks(
  app: WorkingApp,
  tasks: readonly Task[],
  context: CliContext,
  flags: DryRunFlags,
): Promise<void> {
  try {
    for (const tenantId of app.tenantIds) {
      const work = app.tenants.work(tenantId, async (tenant, left) => {
        for (const task of tasks) {
          const dryRun = dryRunTask({ ...app, tenant, left }, task, context, flags);
          // With several tasks, a sync would land each before the next, and a dry run lands nothing.
          await (tasks.length === 1 ? dryRun : dryRun.catch((error: unknown) => passOver(error, context)));
        }
      });
      await work;
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
    context.err.write('Stopped. A dry run leaves nothing behind.\n');
    context.setExitCode(130);
  }
}

function passOver(error: unknown, { err }: CliContext): void {
  if (!(error instanceof RollcallError && error.code === 'needs_missing')) throw error;
  err.write(`Not in the dry run: ${error.message}. A sync reads that first.\n`);
}

async function dryRunTask(
  app: WorkingApp & { readonly tenant: Tenant; readonly left: AbortSignal },
  task: Task,
  context: CliContext,
  flags: DryRunFlags,
): Promise<void> {
  const { database, accessLog, log, config, tenant } = app;
  const { out } = context;
  const signal = AbortSignal.any([context.signal, app.left]);
  const show = (table: string, rows: readonly RowDifference[]) =>
    out.write(rows.map((row) => (flags.json === true ? jsonLine({ table, ...row }) : rowLine(table, row))).join(''));
  const run = { database, accessLog, log, signal, settings: config, ...tenant };
  const onDifferences = flags.verbose === true ? show : undefined;
  const { outcome, counts, doubts } = await dryRun(task, tenant.tenantId, run, {
    full: flags.full === true,
    onDifferences,
  });
  const { added, changed, removed, unchanged, filtered, quarantined, skipped, skippedParents } = counts;
  const found = { added, changed, removed, unchanged, filtered, quarantined };
  const shown = skipped > 0 ? { ...found, skipped } : found;
  const facts = {
    task: task.name,
    tenant_id: tenant.tenantId,
    dry_run: true,
    would_end: outcome,
    ...found,
    skipped,
    skipped_parents: skippedParents,
    doubts,
  };
  const names = app.tenantIds.length > 1 ? await tenantNames(database) : undefined;
  const name = names === undefined ? task.name : `${names(tenant.tenantId)}: ${task.name}`;
  const table = () =>
    formatTable(['dry run', 'would end', ...Object.keys(shown)], [[name, outcome, ...Object.values(shown)]]);
  out.write(flags.json === true ? jsonLine(facts) : table());
  const unproven = [...describeSkipped(counts), ...doubts].map((line) => `${formatValue(line)}\n`);
  if (flags.json !== true) context.err.write(unproven.join(''));
}

/** `changed users 7d9f… department: "Sales" → "Research"`. */
function rowLine(table: string, { kind, reason, row_key: key, before, after }: RowDifference): string {
  const why = reason === null ? '' : ` (${reason})`;
  return (
    `${kind}${why} ${table} ${Object.values(key).map(formatValue).join(' ')} ${detail(before, after)}`.trimEnd() + '\n'
  );
}

function detail(before: RowDifference['before'], after: RowDifference['after']): string {
  const cell = (value: unknown) => formatValue(JSON.stringify(value ?? null));
  if (before !== null && after !== null) {
    const names = Object.keys({ ...before, ...after });
    return names.map((name) => `${name}: ${cell(before[name])} → ${cell(after[name])}`).join(', ');
  }
  const told = Object.entries(after ?? before ?? {}).filter(([, value]) => value !== null);
  return told.map(([name, value]) => `${name}: ${cell(value)}`).join(', ');
}

import type { WorkingApp } from '../app.js';
import type { WaitOptions } from '../jobs/worker/sync.js';
import type { Run } from '../store/index.js';
import { adviceOn, formatAdvice } from './advice.js';
import type { CliContext } from './context.js';
import { tenantNames } from './lookup.js';
import { formatColumns, jsonLine, type Column } from './print.js';
import { createProgressDisplay } from './progress-display.js';
import { runColumns, toFacts } from './run-facts.js';

/** Shows the progress of runs, how they ended and what to do next; the exit code is 0 if all of them are complete. */
export async function showRuns(
  app: WorkingApp,
  context: CliContext,
  flags: { readonly json?: true },
  work: (options: WaitOptions) => Promise<Run[]>,
): Promise<void> {
  const display = createProgressDisplay(context);
  const { signal } = context;
  const options: WaitOptions = {
    ...app,
    settings: app.config,
    signal,
    onProgress: (progress) => display.update(progress),
  };
  const runs = await work(options).finally(() => display.stop());
  const isOne = new Set(runs.map(({ tenantId }) => tenantId)).size <= 1;
  const nameOf = await tenantNames(app.database);
  const tenant: Column<Run> = ['tenant', ({ tenantId }) => nameOf(tenantId)];
  const table = () => formatColumns([...(isOne ? [] : [tenant]), ...runColumns(runs)], runs);
  context.out.write(flags.json === true ? runs.map((run) => jsonLine(toFacts(run))).join('') : table());
  for (const run of runs) {
    const advice = await adviceOn(app.database, run);
    if (advice !== undefined)
      context.err.write(
        `\n${isOne ? '' : `${nameOf(run.tenantId)}: `}${run.task} is ${run.outcome}.\n${formatAdvice(advice)}`,
      );
  }
  if (signal.aborted) context.setExitCode(130);
  else if (runs.some((run) => run.outcome !== 'complete')) context.setExitCode(1);
}

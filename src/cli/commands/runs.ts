import type { OUTCOMES } from '../../store/schema/outcomes.js';
import { listRuns, type Run } from '../../store/index.js';
import { tenantIdOf, tenantNames, requireRun } from '../lookup.js';
import type { CliContext } from '../context.js';
import { requireKnown, requireTask } from '../known-filters.js';
import { formatColumns, formatTable, formatValue, jsonLine, type Column } from '../print.js';
import { runColumns, toFacts } from '../run-facts.js';
import { describeSkipped } from '../skipped-parents.js';
import { withReadingApp } from '../with-app.js';

interface RunsFlags {
  readonly tenant?: string;
  readonly task?: string;
  readonly outcome?: (typeof OUTCOMES)[number];
  readonly limit: number;
  readonly json?: true;
}

export async function execute(context: CliContext, id: string | undefined, flags: RunsFlags): Promise<void> {
  requireTask(flags.task);
  await withReadingApp(context, async (app) => {
    const { database } = app;
    if (id === undefined) {
      const tenantId = await tenantIdOf(database, flags.tenant);
      const runs = await listRuns(database, { ...flags, tenantId });
      await requireKnown(app, { tenantId }, runs.length);
      const nameOf = await tenantNames(database);
      const columns: Column<Run>[] = [
        ['run', ({ id }) => id],
        ['started', ({ startedAt }) => new Date(startedAt)],
        ['tenant', ({ tenantId }) => nameOf(tenantId)],
        ...runColumns(runs),
      ];
      const table = () => formatColumns(columns, runs);
      context.out.write(flags.json === true ? runs.map((run) => jsonLine(toFacts(run))).join('') : table());
      return;
    }
    const run = await requireRun(database, id);
    context.out.write(flags.json === true ? jsonLine(toFacts(run)) : describe(run));
  });
}

/** Everything about a run: its facts, then what it could not read, a line each. */
function describe(run: Run): string {
  const { skipped_parents: _, ...facts } = toFacts(run);
  const skipped = describeSkipped(run, run.skippedParents.length);
  const lines = skipped.map((line) => `${formatValue(line)}\n`);
  return [formatTable(['', ''], Object.entries(facts)), ...(lines.length === 0 ? [] : ['\n', ...lines])].join('');
}

import { Command, Option } from 'commander';
import { OUTCOMES } from '../../store/schema/outcomes.js';
import type { Run } from '../../store/index.js';
import { tenantIdOf, tenantNames, requireRun } from '../lookup.js';
import { readSettings, using, type CliContext } from '../context.js';
import { requireKnown, requireTask } from '../known-filters.js';
import { jsonOption, limitOption, taskOption, tenantOption, toUuid } from '../flags.js';
import { formatColumns, formatTable, formatValue, jsonLine, type Column } from '../print.js';
import { runColumns, toFacts } from '../run-facts.js';
import { describeSkipped } from '../skipped-parents.js';

interface RunsFlags {
  readonly tenant?: string;
  readonly task?: string;
  readonly outcome?: (typeof OUTCOMES)[number];
  readonly limit: number;
  readonly json?: true;
}

export function runsCommand(context: CliContext): Command {
  return new Command('runs')
    .description('what ran, newest first; with an id, everything about one run')
    .argument('[run]', "a run's id", toUuid)
    .addOption(tenantOption())
    .addOption(taskOption())
    .addOption(new Option('--outcome <outcome>', 'only runs that ended so').choices(OUTCOMES))
    .addOption(limitOption(20))
    .addOption(jsonOption('run'))
    .action(async (id: string | undefined, flags: RunsFlags) => {
      const { config, log } = readSettings(context, { quiet: true });
      const { openReadingApp } = await import('../../app.js');
      const { listRuns } = await import('../../store/index.js');
      await requireTask(flags.task);
      await using(openReadingApp(config, log), async (app) => {
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
    });
}

/** Everything about a run: its facts, then what it could not read, a line each. */
function describe(run: Run): string {
  const { skipped_parents: _, ...facts } = toFacts(run);
  const skipped = describeSkipped(run, run.skippedParents.length);
  const lines = skipped.map((line) => `${formatValue(line)}\n`);
  return [formatTable(['', ''], Object.entries(facts)), ...(lines.length === 0 ? [] : ['\n', ...lines])].join('');
}

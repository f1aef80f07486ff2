import { Command, InvalidArgumentError, Option } from 'commander';
import { RollcallError } from '../errors.js';
import { readSettings, using, type CliContext } from './context.js';
import { formatTable, jsonLine } from './print.js';
import { RUN_HEAD, runFacts, runRow } from './run-facts.js';

const OUTCOMES = ['running', 'complete', 'partial', 'held', 'failed'] as const;

interface RunsFlags {
  readonly task?: string;
  readonly outcome?: (typeof OUTCOMES)[number];
  readonly limit: number;
  readonly json?: true;
}

export function runsCommand(context: CliContext): Command {
  return new Command('runs')
    .description('what ran, newest first; with an id, everything about one run')
    .argument('[run]', "a run's id")
    .option('--task <task>', 'only runs of this task')
    .addOption(new Option('--outcome <outcome>', 'only runs that ended so').choices(OUTCOMES))
    .option('--limit <n>', 'how many at the most', toLimit, 20)
    .option('--json', 'print one JSON object per run')
    .action(async (id: string | undefined, flags: RunsFlags) => {
      const { config, log } = readSettings(context, { needsTenant: false, quiet: true });
      const { openReadingApp } = await import('../app.js');
      const { findRun, listRuns } = await import('../store/index.js');
      await using(openReadingApp(config, log), async ({ database }) => {
        if (id === undefined) {
          const runs = await listRuns(database, flags);
          const table = () =>
            formatTable(
              ['run', 'started', ...RUN_HEAD],
              runs.map((run) => [run.id, new Date(run.startedAt), ...runRow(run)]),
            );
          context.out.write(flags.json === true ? runs.map((run) => jsonLine(runFacts(run))).join('') : table());
          return;
        }
        const run = /^[0-9a-f-]{36}$/i.test(id) ? await findRun(database, id) : undefined;
        if (run === undefined)
          throw new RollcallError('not_found', `There is no run ${id}`, '`rollcall runs` lists them.');
        context.out.write(
          flags.json === true ? jsonLine(runFacts(run)) : formatTable(['', ''], Object.entries(runFacts(run))),
        );
      });
    });
}

function toLimit(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('expected a whole number above 0');
}

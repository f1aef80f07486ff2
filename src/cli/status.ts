import { Command } from 'commander';
import type { App } from '../app.js';
import type { Run } from '../store/index.js';
import { readSettings, using, type CliContext } from './context.js';
import { formatDuration, formatTable, jsonLine } from './print.js';
import { adviceFor, duration, runFacts } from './run-facts.js';

export function statusCommand(context: CliContext): Command {
  return new Command('status')
    .description('the last run of every task, and what to do next')
    .option('--json', 'print one JSON object per task and tenant')
    .action(async (flags: { json?: true }) => {
      const { config, log } = readSettings(context, { needsTenant: false, quiet: true });
      const { openReadingApp } = await import('../app.js');
      await using(openReadingApp(config, log), async (app) => {
        const rows = await statusOf(app);
        if (flags.json === true) {
          context.out.write(rows.map(({ run, next }) => jsonLine({ ...runFacts(run), next })).join(''));
          return;
        }
        context.out.write(`Database: ${app.databaseLocation}\n\n`);
        context.out.write(rows.length === 0 ? 'Nothing has run yet. Start with: rollcall sync\n' : describe(rows));
      });
    });
}

interface Status {
  readonly run: Run;
  readonly next: string;
}

async function statusOf({ database }: App): Promise<Status[]> {
  const { isRunLocked, latestRuns } = await import('../store/index.js');
  const latest = await latestRuns(database);
  return Promise.all(
    latest.map(async (run) => {
      const isWorkedOn = run.outcome === 'running' && (await isRunLocked(database, run));
      return { run, next: adviceFor(run, isWorkedOn) };
    }),
  );
}

function describe(rows: readonly Status[]): string {
  const table = formatTable(
    ['task', 'tenant', 'outcome', 'when', 'took', 'rows', 'added', 'changed', 'removed'],
    rows.map(({ run }) => [
      run.task,
      run.tenantId,
      run.outcome,
      `${formatDuration(Date.now() - Date.parse(run.endedAt ?? run.startedAt))} ago`,
      duration(run),
      run.added + run.changed + run.unchanged,
      run.added,
      run.changed,
      run.removed,
    ]),
  );
  const next = rows.filter((row) => row.next !== '').map((row) => `${row.run.task} (run ${row.run.id}): ${row.next}\n`);
  return `${table}\n${next.length === 0 ? 'All is well.\n' : next.join('')}`;
}

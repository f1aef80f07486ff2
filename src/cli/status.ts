import { Command } from 'commander';
import type { App } from '../app.js';
import type { Database, Run } from '../store/index.js';
import { adviceOn, adviceText, formatAdvice, type Advice } from './advice.js';
import { tenantIdOf, tenantNames } from './find-tenant.js';
import { tenantOption } from './flags.js';
import { readSettings, using, type CliContext } from './context.js';
import { formatColumns, formatCount, formatDuration, formatValue, jsonLine, type Column } from './print.js';
import { unreadTenants, warningsOf } from './status-warnings.js';
import { duration, isSkipping, rowsOf, toFacts } from './run-facts.js';

export function statusCommand(context: CliContext): Command {
  return new Command('status')
    .description('the last run of every task, and what to do next')
    .addOption(tenantOption())
    .option('--json', 'print one JSON object per task and tenant')
    .action(async (flags: { json?: true; tenant?: string }) => {
      const { config, log } = readSettings(context, { needsTenant: false, quiet: true });
      const { openReadingApp } = await import('../app.js');
      await using(openReadingApp(config, log), async (app) => {
        const tenantId = await tenantIdOf(app.database, flags.tenant);
        const rows = await statusOf(app, tenantId);
        const nameOf = await tenantNames(app.database);
        if (flags.json === true) {
          context.out.write(
            rows
              .map(({ run, advice }) =>
                jsonLine({ ...toFacts(run), tenant: nameOf(run.tenantId), next: advice ? adviceText(advice) : '' }),
              )
              .join(''),
          );
          return;
        }
        const unread = await unreadTenants(app, tenantId);
        context.out.write(`Database: ${app.databaseLocation}\n\n`);
        context.out.write(
          rows.length === 0 ? 'Nothing has run yet. Start with: rollcall sync\n' : describe(rows, nameOf, unread),
        );
        const seen = rows.map(({ run }) => run.tenantId);
        context.out.write([...(await warningsOf(app, seen, tenantId)), ...unread].join(''));
      });
    });
}

interface Status {
  readonly run: Run;
  readonly advice: Advice | undefined;
}

async function statusOf({ database }: App, tenantId: string | undefined): Promise<Status[]> {
  const { latestRuns } = await import('../store/index.js');
  return Promise.all(
    (await latestRuns(database, tenantId)).map(async (run) => ({ run, advice: await findAdvice(database, run) })),
  );
}

async function findAdvice(database: Database, run: Run): Promise<Advice | undefined> {
  const { checkpointOf, isRunLocked } = await import('../store/index.js');
  const { newProgress, readCounts, toProgress } = await import('../jobs/progress.js');
  if (run.outcome !== 'running' || !(await isRunLocked(database, run))) return adviceOn(database, run);
  const { pages, items } = readCounts(toProgress(await checkpointOf(database, run.id)) ?? newProgress());
  return { says: [`Running now: ${formatCount(pages)} pages, ${formatCount(items)} items so far.`], commands: [] };
}

/** @param unread what is said of tenants that nobody can log in to: then not all is well */
function describe(rows: readonly Status[], nameOf: (tenantId: string) => string, unread: readonly string[]): string {
  const isOne = new Set(rows.map(({ run }) => run.tenantId)).size === 1;
  const title = ({ task, tenantId }: Run) => (isOne ? task : `${nameOf(tenantId)}: ${task}`);
  const runs = rows.map(({ run }) => run);
  const counts = ['added', 'changed', 'removed', ...(isSkipping(runs) ? (['skipped'] as const) : [])] as const;
  const columns: Column<Run>[] = [
    ['task', ({ task }) => task],
    ['tenant', ({ tenantId }) => nameOf(tenantId)],
    ['outcome', ({ outcome }) => outcome],
    ['when', (run) => `${formatDuration(Date.now() - Date.parse(run.endedAt ?? run.startedAt))} ago`],
    ['took', duration],
    ['rows', (run) => formatCount(rowsOf(run))],
    ...counts.map((name): Column<Run> => [name, (run) => formatCount(run[name])]),
  ];
  const table = formatColumns(columns, runs);
  const toDo = rows.flatMap(({ run, advice }) =>
    advice === undefined ? [] : [`${title(run)} is ${run.outcome}.\n${formatAdvice(advice)}`],
  );
  const notes = runs.flatMap((run) => {
    // What makes it partial is said above.
    const note = (run.note ?? '').replace(run.doubts.join(' '), '').trim();
    return note === '' ? [] : [`${title(run)}: ${formatValue(note)}\n`];
  });
  const well = toDo.length + unread.length === 0 ? ['All is well.\n'] : [];
  return [table, ...well, ...toDo, notes.join('')].filter(Boolean).join('\n');
}

import { Command } from 'commander';
import type { App } from '../app.js';
import type { Database, Run } from '../store/index.js';
import { adviceOn, adviceText, formatAdvice, type Advice } from './advice.js';
import { readSettings, using, type CliContext } from './context.js';
import { formatCount, formatDuration, formatTable, jsonLine } from './print.js';
import { duration, rowsOf, toFacts } from './run-facts.js';

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
          context.out.write(
            rows
              .map(({ run, advice }) => jsonLine({ ...toFacts(run), next: advice ? adviceText(advice) : '' }))
              .join(''),
          );
          return;
        }
        context.out.write(`Database: ${app.databaseLocation}\n\n`);
        context.out.write(rows.length === 0 ? 'Nothing has run yet. Start with: rollcall sync\n' : describe(rows));
        context.out.write((await warningsOf(app, new Set(rows.map(({ run }) => run.tenantId)))).join(''));
      });
    });
}

interface Status {
  readonly run: Run;
  readonly advice: Advice | undefined;
}

async function statusOf({ database }: App): Promise<Status[]> {
  const { latestRuns } = await import('../store/index.js');
  return Promise.all(
    (await latestRuns(database)).map(async (run) => ({ run, advice: await findAdvice(database, run) })),
  );
}

async function findAdvice(database: Database, run: Run): Promise<Advice | undefined> {
  const { checkpointOf, isRunLocked } = await import('../store/index.js');
  const { newProgress, readCounts, toProgress } = await import('../jobs/progress.js');
  if (run.outcome !== 'running' || !(await isRunLocked(database, run))) return adviceOn(database, run);
  const { pages, items } = readCounts(toProgress(await checkpointOf(database, run.id)) ?? newProgress());
  return { says: `Running now: ${formatCount(pages)} pages, ${formatCount(items)} items so far.`, commands: [] };
}

/** What is not wrong with a run but with what the tenant lets us see. */
async function warningsOf({ database }: App, tenantIds: ReadonlySet<string>): Promise<string[]> {
  const { findTenantFacts } = await import('../store/index.js');
  const facts = await Promise.all([...tenantIds].map((tenantId) => findTenantFacts(database, tenantId)));
  return facts
    .filter((each) => each?.concealedNames === true)
    .map((each) => `Warning: tenant ${each?.tenantId} conceals names in its usage reports. ${SWITCH_OFF}\n`);
}

const SWITCH_OFF =
  'To switch that off: Microsoft 365 admin center, Settings, Org settings, Services, Reports: "Display concealed user, group, and site names in all reports".';

function describe(rows: readonly Status[]): string {
  const table = formatTable(
    ['task', 'tenant', 'outcome', 'when', 'took', 'rows', 'added', 'changed', 'removed'],
    rows.map(({ run }) => [
      run.task,
      run.tenantId,
      run.outcome,
      `${formatDuration(Date.now() - Date.parse(run.endedAt ?? run.startedAt))} ago`,
      duration(run),
      ...[rowsOf(run), run.added, run.changed, run.removed].map(formatCount),
    ]),
  );
  const toDo = rows.flatMap(({ run, advice }) =>
    advice === undefined ? [] : [`${run.task} is ${run.outcome}.\n${formatAdvice(advice)}`],
  );
  const notes = rows.flatMap(({ run }) => (run.note === null ? [] : [`${run.task}: ${run.note}\n`]));
  return [table, ...(toDo.length === 0 ? ['All is well.\n'] : toDo), notes.join('')].filter(Boolean).join('\n');
}

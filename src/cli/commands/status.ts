import type { App } from '../../app.js';
import { latestRuns, type Database, type Run, checkpointOf, isRunLocked } from '../../store/index.js';
import { adviceOn, adviceText, formatAdvice, type Advice } from '../advice.js';
import { tenantIdOf, tenantNames } from '../lookup.js';
import type { CliContext } from '../context.js';
import { formatColumns, formatCount, formatDuration, formatValue, jsonLine, type Column } from '../print.js';
import { unreadTenants, warningsOf, type Notice } from '../status-warnings.js';
import { requireKnown } from '../known-filters.js';
import { duration, isSkipping, rowsOf, toFacts } from '../run-facts.js';
import { configuredTenants } from '../../tenants/configured.js';
import { adviceOnLate } from '../late.js';
import { newProgress, readCounts, toProgress } from '../../jobs/run/progress.js';
import { withReadingApp } from '../with-app.js';

export async function execute(context: CliContext, flags: { json?: true; tenant?: string }): Promise<void> {
  await withReadingApp(context, async (app) => {
    const tenantId = await tenantIdOf(app.database, flags.tenant);
    const rows = await statusOf(app, tenantId);
    const nameOf = await tenantNames(app.database);
    await requireKnown(app, { tenantId }, rows.length);
    const seen = rows.map(({ run }) => run.tenantId);
    const unread = await unreadTenants(app, tenantId);
    const warnings = await warningsOf(app, seen, tenantId);
    if (flags.json === true) {
      const lines = [...rows.map(factsOf), ...[...warnings, ...unread].map(factsOfNotice)];
      context.out.write(lines.map((line) => jsonLine({ ...line, tenant: nameOf(line.tenant_id) })).join(''));
      return;
    }
    context.out.write(`Database: ${app.databaseLocation}\n\n`);
    context.out.write(
      rows.length === 0 ? 'Nothing has run yet. Start with: rollcall sync\n' : describe(rows, nameOf, unread),
    );
    context.out.write([...warnings, ...unread].map(({ text }) => text).join(''));
  });
}

const factsOf = ({ run, advice }: Status) => ({
  ...toFacts(run),
  kind: 'run',
  tenant_id: run.tenantId,
  next: advice ? adviceText(advice) : '',
});

const factsOfNotice = ({ kind, tenantId, since, says }: Notice) => ({ kind, tenant_id: tenantId, since, says });

interface Status {
  readonly run: Run;
  readonly advice: Advice | undefined;
}

async function statusOf({ config, database }: App, tenantId: string | undefined): Promise<Status[]> {
  const tenants = await configuredTenants(config, database);
  return Promise.all(
    (await latestRuns(database, tenantId)).map(async (run) => {
      // One that is configured elsewhere follows, for all that is known here, the schedule of the environment.
      const elsewhere = { name: run.tenantId, enabled: true, schedule: config.schedule };
      const tenant = tenants.find((each) => each.tenantId === run.tenantId) ?? elsewhere;
      return { run, advice: (await findAdvice(database, run)) ?? adviceOnLate(run, tenant) };
    }),
  );
}

async function findAdvice(database: Database, run: Run): Promise<Advice | undefined> {
  if (run.outcome !== 'running' || !(await isRunLocked(database, run))) return adviceOn(database, run);
  const { pages, items } = readCounts(toProgress(await checkpointOf(database, run.id)) ?? newProgress());
  return { says: [`Running now: ${formatCount(pages)} pages, ${formatCount(items)} items so far.`], commands: [] };
}

/** @param unread what is said of tenants that nobody can log in to: then not all is well */
function describe(rows: readonly Status[], nameOf: (tenantId: string) => string, unread: readonly Notice[]): string {
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

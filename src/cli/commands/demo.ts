import { join } from 'node:path';
import { openWorkingApp, type WorkingApp } from '../../app.js';
import { readConfig, type Config } from '../../settings/config.js';
import { createLog } from '../../log.js';
import type { CliContext } from '../context.js';
import { QUESTIONS } from '../questions.js';
import { formatColumns, formatDuration, formatTable, jsonLine } from '../print.js';
import { createProgressDisplay } from '../progress-display.js';
import { runColumns, toFacts } from '../run-facts.js';
import { startEmulator, SAMPLE_CLIENT_ID, SAMPLE_CLIENT_SECRET, SAMPLE_TENANT_ID } from '../../emulator/index.js';
import { sync } from '../../jobs/worker/sync.js';
import { tasks } from '../../jobs/registry.js';
import { readOnlyQuery } from '../../store/index.js';
import { using } from '../with-app.js';

export async function execute(context: CliContext, flags: { json?: true }): Promise<void> {
  await using(startEmulator(), async (emulator) => {
    const config = await demoConfig(context, emulator);
    context.err.write('Starting a local Graph with a sample tenant, and an embedded Postgres …\n');
    await using(
      openWorkingApp(config, createLog(config.logLevel ?? 'silent'), { only: config.tenant?.tenantId }),
      (app) => showDemo(app, context, flags),
    );
  });
}

/** The environment's settings, but for what would lead out of the demo: it never touches a real tenant or database. */
async function demoConfig(
  { environment }: CliContext,
  emulator: { url: string; certificate: string },
): Promise<Config> {
  const config = readConfig({
    LOG_LEVEL: environment['LOG_LEVEL'],
    ROLLCALL_HOME: join(environment['ROLLCALL_HOME'] || '.rollcall', 'demo'),
    AZURE_TENANT_ID: SAMPLE_TENANT_ID,
    AZURE_CLIENT_ID: SAMPLE_CLIENT_ID,
    AZURE_CLIENT_SECRET: SAMPLE_CLIENT_SECRET,
    AZURE_AUTHORITY_HOST: emulator.url,
    GRAPH_BASE_URL: emulator.url,
  });
  return { ...config, certificateAuthority: emulator.certificate };
}

async function showDemo(app: WorkingApp, context: CliContext, { json }: { json?: true }): Promise<void> {
  const { out } = context;
  const started = performance.now();
  const display = createProgressDisplay(context);
  const runs = await sync({
    ...app,
    settings: app.config,
    tasks,
    full: false,
    signal: context.signal,
    onProgress: (progress) => display.update(progress),
  }).finally(() => display.stop());

  if (runs.some((run) => run.outcome !== 'complete')) context.setExitCode(1);
  if (json === true) {
    out.write(runs.map((run) => jsonLine(toFacts(run))).join(''));
    return;
  }
  out.write(
    `\nWhat was done, in ${formatDuration(performance.now() - started)}\n\n${formatColumns(runColumns(runs), runs)}`,
  );
  for (const { question, sql } of QUESTIONS) {
    const { columns, rows } = await readOnlyQuery(app.database, sql, context.signal);
    out.write(`\n${question}\n  ${sql.replaceAll('\n', '\n  ')}\n\n${formatTable(columns, rows)}`);
  }
  const noOther = context.environment['DATABASE_URL'] ? 'DATABASE_URL= ' : '';
  const home = `${noOther}ROLLCALL_HOME=${app.config.home}`;
  out.write(`\nThe data is in ${app.databaseLocation}; it stays there.\n${NEXT(home)}`);
}

/** @param home what leads to the demo's database, whatever a `.env` here says */
const NEXT = (home: string) => `
What to type next
  ${home} npx rollcall status
  ${home} npx rollcall query 'select * from rollcall.hr_roster limit 5'
  cp .env.example .env       your own tenant: fill it in, then
  npx rollcall sync          (see README.md, Your own tenant)
`;

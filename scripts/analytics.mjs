// Writes docs/analytics.md: what each view means, as its comments in the database say, and what an analyst might ask, with
// the real answers on the sample tenant. With --check it changes nothing and fails where they have drifted.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { openWorkingApp } from '../dist/app.js';
import { formatTable } from '../dist/cli/print.js';
import { QUESTIONS } from '../dist/cli/questions.js';
import { readConfig } from '../dist/settings/config.js';
import {
  SAMPLE_CLIENT_ID,
  SAMPLE_CLIENT_SECRET,
  SAMPLE_TENANT_ID,
  sampleTenant,
  startEmulator,
} from '../dist/emulator/index.js';
import { tasks } from '../dist/jobs/registry.js';
import { sync } from '../dist/jobs/worker/sync.js';
import { createLog } from '../dist/log.js';
import { readOnlyQuery } from '../dist/store/index.js';

const file = fileURLToPath(new URL('../docs/analytics.md', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'rollcall-analytics-'));
const signal = new AbortController().signal;
const tenant = sampleTenant({ now: new Date() });
const emulator = await startEmulator({ tenants: [tenant] });
const config = readConfig({
  ROLLCALL_HOME: home,
  AZURE_TENANT_ID: SAMPLE_TENANT_ID,
  AZURE_CLIENT_ID: SAMPLE_CLIENT_ID,
  AZURE_CLIENT_SECRET: SAMPLE_CLIENT_SECRET,
  AZURE_AUTHORITY_HOST: emulator.url,
  GRAPH_BASE_URL: emulator.url,
});
const app = await openWorkingApp({ ...config, certificateAuthority: emulator.certificate }, createLog('silent'));
let text;
try {
  await syncAll();
  dayInTheTenant();
  await syncAll();
  text = await page();
} finally {
  await app.close();
  await emulator.close();
  rmSync(home, { recursive: true, force: true });
}
const formatted = await format(text, { ...(await resolveConfig(file)), filepath: file });
if (!process.argv.includes('--check')) writeFileSync(file, formatted);
else if (readFileSync(file, 'utf8') !== formatted) {
  process.stderr.write('docs/analytics.md does not say what the views say. Run `npm run docs` and commit it.\n');
  process.exitCode = 1;
}

async function syncAll() {
  const runs = await sync({
    ...app,
    settings: config,
    tasks,
    full: false,
    signal,
    onProgress() {},
  });
  const failed = runs.filter((run) => run.outcome !== 'complete');
  if (failed.length > 0) throw new Error(`${failed[0].task} ended ${failed[0].outcome}: ${failed[0].errorMessage}`);
}

/** One joins, one leaves, one moves. */
function dayInTheTenant() {
  const [leaver, mover] = tenant.users.places(-1, 2).map((place) => tenant.users.at(place));
  tenant.users.softDelete(leaver.id);
  tenant.users.update(mover.id, { department: 'Research & Design' });
  const joiner = { id: '0a1b2c3d-0000-4000-8000-000000000001', displayName: 'Nadia Newcomer', department: 'Sales' };
  tenant.users.put({ ...mover, ...joiner, userPrincipalName: 'nadia.newcomer@northwind-bikes.example', mail: null });
}

async function page() {
  const views = await ask(`select c.oid::regclass::text as view, obj_description(c.oid) as meaning
    from pg_class c where c.relnamespace = 'rollcall'::regnamespace order by 1`);
  const parts = [
    '# What the views say',
    'Everything here is generated: the meanings from the comments in the database, the answers from a run on the sample tenant.',
  ];
  for (const [view, meaning] of views.rows) {
    const columns = await ask(`select attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum)
      from pg_attribute where attrelid = '${view}'::regclass and attnum > 0 order by attnum`);
    const rows = columns.rows.map(([name, type, says]) => `| \`${name}\` | ${type} | ${says} |`);
    parts.push(`## ${view}`, meaning, ['| column | type | meaning |', '| --- | --- | --- |', ...rows].join('\n'));
  }
  parts.push('# Ten questions');
  for (const { question, sql } of QUESTIONS) {
    const { columns, rows } = await ask(sql);
    parts.push(`## ${question}`, `\`\`\`sql\n${sql}\n\`\`\``, `\`\`\`text\n${formatTable(columns, rows)}\`\`\``);
  }
  return `${parts.join('\n\n')}\n`;
}

function ask(sql) {
  return readOnlyQuery(app.database, sql, signal);
}

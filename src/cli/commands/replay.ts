import { RollcallError } from '../../errors.js';
import type { Run } from '../../store/index.js';
import type { CliContext } from '../context.js';
import { requireRun } from '../lookup.js';
import { aboutRun, operating } from '../operating.js';
import { showRuns } from '../show-runs.js';
import { openWorkingApp } from '../../app.js';
import { replay } from '../../jobs/worker/sync.js';
import { patienceIn, readSettings, using, withReadingApp } from '../with-app.js';

export async function execute(context: CliContext, id: string, flags: { json?: true }): Promise<void> {
  const run = await withReadingApp(context, ({ database }) => requireRun(database, id));
  const { config, log } = readSettings(context);
  const opening = openWorkingApp(config, log, { only: run.tenantId, ...patienceIn(context) }).catch(orSay(run));
  await using(opening, (app) =>
    operating(context, app.database, { action: 'replay', ...aboutRun(run) }, (action) =>
      showRuns(app, context, flags, (waiting) => replay(run, waiting, (db) => action.done(db))),
    ),
  );
}

const orSay =
  (run: Run) =>
  (error: unknown): never => {
    throw error instanceof RollcallError && error.code === 'not_found' ? ofAnotherTenant(run) : error;
  };

function ofAnotherTenant({ id, tenantId }: Run): RollcallError {
  return new RollcallError(
    'not_replayable',
    `Run ${id} is of tenant ${tenantId}, which is not configured here`,
    'Set AZURE_TENANT_ID and its credentials to those of that tenant, or add it: rollcall tenants add --help',
  );
}

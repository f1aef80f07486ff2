import { Command } from 'commander';
import { RollcallError } from '../../errors.js';
import type { Run } from '../../store/index.js';
import { patienceIn, readSettings, using, type CliContext } from '../context.js';
import { requireRun } from '../lookup.js';
import { jsonOption, toUuid } from '../flags.js';
import { aboutRun, operating } from '../operating.js';
import { showRuns } from '../show-runs.js';

export function replayCommand(context: CliContext): Command {
  return new Command('replay')
    .description('go on with a failed run from its checkpoint; read a partial or held one again')
    .argument('<run>', 'the id of a run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(async (id: string, flags: { json?: true }) => {
      const { config, log } = readSettings(context, { quiet: true });
      const { openReadingApp, openWorkingApp } = await import('../../app.js');
      const { replay } = await import('../../jobs/worker/sync.js');
      const run = await using(openReadingApp(config, log), ({ database }) => requireRun(database, id));
      const opening = openWorkingApp(config, log, { only: run.tenantId, ...patienceIn(context) }).catch(orSay(run));
      await using(opening, (app) =>
        operating(context, app.database, { action: 'replay', ...aboutRun(run) }, (action) =>
          showRuns(app, context, flags, (waiting) => replay(run, waiting, (db) => action.done(db))),
        ),
      );
    });
}

const orSay =
  (run: Run) =>
  (error: unknown): never => {
    throw error instanceof RollcallError && error.code === 'not_found' ? ofAnotherTenant(run) : error;
  };

function ofAnotherTenant({ id, tenantId }: Run): RollcallError {
  return new RollcallError(
    'not_replayable',
    `Run ${id} is of tenant ${tenantId}, which nothing here describes`,
    'Set AZURE_TENANT_ID and its credentials to those of that tenant, or add it: rollcall tenants add --help',
  );
}

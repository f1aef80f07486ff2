import { Command } from 'commander';
import { RollcallError } from '../errors.js';
import type { Run } from '../store/index.js';
import { readSettings, using, type CliContext } from './context.js';
import { requireRun } from './find-run.js';
import { jsonOption, toUuid } from './flags.js';
import { showRuns } from './show-runs.js';

export function replayCommand(context: CliContext): Command {
  return new Command('replay')
    .description('go on with a failed run from its checkpoint; read a partial or held one again')
    .argument('<run>', 'the id of a run; `status` shows it', toUuid)
    .addOption(jsonOption('run'))
    .action(async (id: string, flags: { json?: true }) => {
      const { config, log } = readSettings(context, { needsTenant: true, quiet: true });
      const { openWorkingApp } = await import('../app.js');
      const { replay } = await import('../jobs/sync.js');
      await using(openWorkingApp(config, log), async (app) => {
        const run = await requireRun(app.database, id);
        if (run.tenantId !== app.tenant.tenantId) throw ofAnotherTenant(run, app.tenant.tenantId);
        await showRuns(app, context, flags, (waiting) => replay(run, waiting));
      });
    });
}

function ofAnotherTenant({ id, tenantId }: Run, ours: string): RollcallError {
  return new RollcallError(
    'not_replayable',
    `Run ${id} is of tenant ${tenantId}; the settings describe tenant ${ours}`,
    'Set AZURE_TENANT_ID and its credentials to those of that tenant.',
  );
}

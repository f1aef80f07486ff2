import type { Run } from '../../store/index.js';
import type { CliContext } from '../context.js';
import { reportUnreachable, servedOf } from '../unreachable.js';
import { dryRunTasks } from '../dry-run.js';
import { operatingOnEach } from '../operating.js';
import { showRuns } from '../show-runs.js';
import { openWorkingApp } from '../../app.js';
import { taskNamed, tasks } from '../../jobs/registry.js';
import { sync } from '../../jobs/worker/sync.js';
import { patienceIn, readSettings, using } from '../with-app.js';

interface SyncFlags {
  readonly tenant?: string;
  readonly full?: true;
  readonly dryRun?: true;
  readonly verbose?: true;
  readonly json?: true;
}

export async function execute(context: CliContext, names: string[], flags: SyncFlags): Promise<void> {
  const chosen = names.length === 0 ? tasks : [...new Set(names)].map(taskNamed);
  const { config, log } = readSettings(context);
  await using(openWorkingApp(config, log, { only: flags.tenant, ...patienceIn(context) }), async (app) => {
    const tenantIds = servedOf(app);
    const { full = false, dryRun = false } = flags;
    const details = { tasks: chosen.map(({ name }) => name), full, dry_run: dryRun };
    const told = tenantIds.map((tenantId) => ({ action: 'sync' as const, tenantId, details }));
    await operatingOnEach(context, app.database, told, async (actions) => {
      if (dryRun) return dryRunTasks(app, chosen, context, flags);
      const onRequested = async (runs: readonly Run[]) => {
        for (const [index, action] of actions.entries())
          await action.done(app.database.db, requested(runs.filter(({ tenantId }) => tenantId === tenantIds[index])));
      };
      return showRuns(app, context, flags, (waiting) =>
        sync({ ...waiting, tenantIds, tasks: chosen, full, onRequested }),
      );
    });
    await reportUnreachable(app, context);
  });
}

/** Which runs it was that a `sync` asked for; of a single one, the row names it as other actions do. */
function requested(runs: readonly Run[]) {
  const [run] = runs.length === 1 ? runs : [];
  return { ...(run && { runId: run.id, task: run.task }), details: { runs: runs.map(({ id }) => id) } };
}

import type { ActionName } from '../../store/schema/action-names.js';
import { listActions, type OperatorAction } from '../../store/index.js';
import type { CliContext } from '../context.js';
import { tenantIdOf, tenantNames } from '../lookup.js';
import { requireInterval, requireKnown } from '../known-filters.js';
import { formatTable, jsonLine } from '../print.js';
import { toFacts } from '../run-facts.js';
import { withReadingApp } from '../with-app.js';

interface ActionsFlags {
  readonly tenant?: string;
  readonly action?: ActionName;
  readonly run?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly json?: true;
}

export async function execute(context: CliContext, flags: ActionsFlags): Promise<void> {
  requireInterval(flags);
  await withReadingApp(context, async (app) => {
    const { database } = app;
    const { tenant, run: runId, ...filter } = flags;
    const tenantId = await tenantIdOf(database, tenant);
    const actions = await listActions(database, { ...filter, tenantId, runId });
    await requireKnown(app, { tenantId, runId }, actions.length);
    const nameOf = await tenantNames(database);
    context.out.write(
      flags.json === true
        ? actions.map((action) => jsonLine(toFacts(action))).join('')
        : formatTable(
            HEAD,
            actions.map((action) => rowOf(action, nameOf)),
          ),
    );
  });
}

const HEAD = ['at', 'who', 'from', 'action', 'tenant', 'run', 'outcome', 'details'];

function rowOf(action: OperatorAction, nameOf: (tenantId: string) => string): unknown[] {
  const { at, actor, claimedActor, host, tenantId, runId, outcome, errorCode, details } = action;
  const who = claimedActor === null ? actor : `${actor} (says: ${claimedActor})`;
  const ended = errorCode === null ? outcome : `${outcome}: ${errorCode}`;
  const about = Object.keys(details).length === 0 ? '' : details;
  return [new Date(at), who, host, action.action, tenantId && nameOf(tenantId), runId, ended, about];
}

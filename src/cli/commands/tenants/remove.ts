import { createInterface } from 'node:readline/promises';
import type { App } from '../../../app.js';
import { RollcallError } from '../../../errors.js';
import type { Queue } from '../../../jobs/queue/queue.js';
import type { CliContext } from '../../context.js';
import { tenantIdOf } from '../../lookup.js';
import { operating } from '../../operating.js';
import { formatCount, formatValue, jsonLine } from '../../print.js';
import { findTenant } from '../../../store/index.js';
import { removeTenant } from '../../../tenants/remove.js';
import { withQueueApp } from '../../with-app.js';

interface RemoveFlags {
  readonly confirm?: string;
  readonly json?: true;
}

export async function execute(context: CliContext, nameOrId: string, flags: RemoveFlags): Promise<void> {
  await withQueueApp(context, async (app) => {
    const tenantId = await tenantIdOf(app.database, nameOrId);
    const name = (await findTenant(app.database, tenantId))?.name ?? tenantId;
    if (app.config.tenant?.tenantId === tenantId) throw ofTheEnvironment(name);
    await confirm(name, flags.confirm, context);
    const told = { action: 'tenants remove' as const, tenantId, details: { name } };
    const rows = await operating(context, app.database, told, async (action) => {
      const rows = await removeNow(app, { tenantId, name }, context);
      await action.done(app.database.db, { details: { rows } });
      return rows;
    });
    context.out.write(
      flags.json === true
        ? jsonLine({ name, tenant_id: tenantId, rows })
        : `${name} is removed, and ${formatCount(rows)} rows with it.\n`,
    );
  });
}

/** @returns how many rows were deleted */
export async function removeNow(
  app: App & { readonly queue: Queue },
  { tenantId, name }: { readonly tenantId: string; readonly name: string },
  { err, signal }: CliContext,
): Promise<number> {
  let rows = 0;
  await removeTenant(
    { ...app, redisUrl: app.config.redisUrl, certificateAuthority: app.config.certificateAuthority },
    {
      tenantId,
      signal,
      onWaiting: () => err.write(`${name}: waiting for workers to stop reading it …\n`),
      onDeleted(table, count) {
        rows += count;
        err.write(`${name}: ${formatCount(count)} rows of ${table} deleted\n`);
      },
    },
  );
  return rows;
}

async function confirm(name: string, given: string | undefined, { input, screen }: CliContext): Promise<void> {
  if (given === name) return;
  if (given !== undefined || input?.isTTY !== true) throw notConfirmed(name);
  const asking = createInterface({ input, output: screen });
  try {
    const answer = await asking.question(
      `All rows of ${formatValue(name)} will be deleted, for ever. To continue, type its name: `,
    );
    if (answer.trim() !== name) throw notConfirmed(name);
  } finally {
    asking.close();
  }
}

const notConfirmed = (name: string) =>
  new RollcallError(
    'command_invalid',
    'Nothing was removed: the name of the tenant was not confirmed',
    `To delete all of its rows, for ever: rollcall tenants remove ${JSON.stringify(name)} --confirm ${JSON.stringify(name)}`,
  );

const ofTheEnvironment = (name: string) =>
  new RollcallError(
    'command_invalid',
    `Tenant ${name} is configured by the environment, and would be read again at once`,
    'Unset AZURE_TENANT_ID and its credentials, here and for every worker, then try again.',
  );

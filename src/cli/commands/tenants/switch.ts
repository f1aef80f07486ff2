import { Command } from 'commander';
import { RollcallError } from '../../../errors.js';
import { readSettings, using, type CliContext } from '../../context.js';
import { requireTenant } from '../../lookup.js';
import { operating } from '../../operating.js';
import { jsonOption } from '../../flags.js';
import { jsonLine } from '../../print.js';

export const disableCommand = (context: CliContext) =>
  switchCommand(
    context,
    'disable',
    'stop reading a tenant, at once; its rows stay, and what is under way keeps its place',
  );

export const enableCommand = (context: CliContext) =>
  switchCommand(context, 'enable', 'read a disabled tenant again; what was missed is made up for');

function switchCommand(context: CliContext, name: 'disable' | 'enable', description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<tenant>', 'its name or id')
    .addOption(jsonOption('tenant'))
    .action(async (nameOrId: string, flags: { json?: true }) => {
      const { config, log } = readSettings(context, { quiet: true });
      const { openQueueApp } = await import('../../../app.js');
      const { setEnabled } = await import('../../../store/index.js');
      await using(openQueueApp(config, log), async ({ database, queue }) => {
        const tenant = await requireTenant(database, nameOrId);
        const told = { action: `tenants ${name}` as const, tenantId: tenant.tenantId, details: { name: tenant.name } };
        const changed = await operating(context, database, told, async (action) => {
          if (tenant.removingAt !== null) throw beingRemoved(tenant.name);
          return setEnabled(database, tenant, name === 'enable', (db, changed) =>
            action.done(db, { details: { changed } }),
          );
        });
        // Workers notice it within seconds; the schedule does not wait for them.
        if (name === 'disable') await queue.setSchedules(tenant.tenantId, []);
        const state = `${name}d`;
        context.out.write(
          flags.json === true
            ? jsonLine({ name: tenant.name, tenant_id: tenant.tenantId, state })
            : `${tenant.name} is ${state}${changed ? '' : ' already'}.\n`,
        );
      });
    });
}

const beingRemoved = (name: string) =>
  new RollcallError(
    'busy',
    `Tenant ${name} is being removed`,
    `Let that end: rollcall tenants remove ${JSON.stringify(name)}`,
  );

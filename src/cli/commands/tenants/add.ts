import { Command } from 'commander';
import { RollcallError } from '../../../errors.js';
import { patienceIn, readSettings, using, type CliContext } from '../../context.js';
import { jsonOption } from '../../flags.js';
import { operating } from '../../operating.js';
import { jsonLine } from '../../print.js';
import { checkBefore } from './check.js';
import { aboutTenant } from './difference.js';
import { addFieldOptions, toFields, toTenant, type FieldFlags } from './fields.js';
import { factsOf } from './facts.js';

type AddFlags = FieldFlags & { readonly tenantId: string; readonly force?: true; readonly json?: true };

export function addCommand(context: CliContext): Command {
  const command = new Command('add')
    .description('have one more tenant read, from now on; workers that run notice it')
    .argument('<name>', 'what to call it')
    .requiredOption('--tenant-id <id>', "the directory's id");
  return addFieldOptions(command)
    .option('--force', 'even where it cannot be read now')
    .addOption(jsonOption('tenant'))
    .action(async (name: string, flags: AddFlags) => {
      const tenant = toTenant({ ...toFields(flags), name, tenant_id: flags.tenantId });
      const { config, log } = readSettings(context, { quiet: true });
      const { openMigratedApp } = await import('../../../app.js');
      const { findTenant, saveTenants } = await import('../../../store/index.js');
      await using(openMigratedApp(config, log, patienceIn(context)), async (app) => {
        const before = (await findTenant(app.database, tenant.tenant_id)) ?? (await findTenant(app.database, name));
        const told = { action: 'tenants add' as const, ...aboutTenant({ kind: 'add', after: tenant }) };
        await operating(context, app.database, told, async (action) => {
          if (before !== undefined) throw isThere(before.name, before.tenantId);
          await checkBefore(app, tenant, context, flags);
          await saveTenants(app.database, [tenant], (db) => action.done(db));
        });
        const facts = await factsOf(app, tenant.tenant_id);
        context.out.write(
          flags.json === true ? jsonLine(facts) : `${name} is added: workers that run read it within seconds.\n`,
        );
      });
    });
}

const isThere = (name: string, tenantId: string) =>
  new RollcallError(
    'command_invalid',
    `There is a tenant ${name} (${tenantId}) already`,
    `To change it: rollcall tenants update ${JSON.stringify(name)} …`,
  );

import { Command } from 'commander';
import { readSettings, using, type CliContext } from '../../context.js';
import { requireTenant } from '../../lookup.js';
import { jsonOption } from '../../flags.js';
import { operating } from '../../operating.js';
import { jsonLine } from '../../print.js';
import { checkBefore } from './check.js';
import { aboutTenant } from './difference.js';
import { factsOf } from './facts.js';
import { addFieldOptions, toFields, toTenant, type FieldFlags } from './fields.js';

type UpdateFlags = FieldFlags & { readonly force?: true; readonly json?: true };

export function updateCommand(context: CliContext): Command {
  const command = new Command('update')
    .description('change what is written of a tenant; what is under way of it begins anew where that matters')
    .argument('<tenant>', 'its name or id')
    .option('--name <name>', 'what to call it from now on');
  return addFieldOptions(command)
    .option('--force', 'even where it cannot be read so now')
    .addOption(jsonOption('tenant'))
    .action(async (nameOrId: string, flags: UpdateFlags) => {
      const fields = toFields(flags);
      const { config, log } = readSettings(context, { quiet: true });
      const { openReadingApp } = await import('../../../app.js');
      const { saveTenants, toSettings } = await import('../../../store/index.js');
      await using(openReadingApp(config, log), async (app) => {
        const kept = await requireTenant(app.database, nameOrId);
        const before = toSettings(kept);
        const tenant = toTenant({ ...before, ...fields });
        const told = { action: 'tenants update' as const, ...aboutTenant({ kind: 'change', before, after: tenant }) };
        await operating(context, app.database, told, async (action) => {
          if (ACCESS.some((field) => field in fields)) await checkBefore(app, tenant, context, flags);
          await saveTenants(app.database, [tenant], (db) => action.done(db));
        });
        const facts = await factsOf(app, tenant.tenant_id);
        context.out.write(
          flags.json === true
            ? jsonLine(facts)
            : `${tenant.name} is changed: workers that run notice it within seconds.\n`,
        );
      });
    });
}

/** What decides whether it can be read. */
export const ACCESS = ['client_id', 'credential', 'secret_ref', 'password_ref', 'cloud'] as const;

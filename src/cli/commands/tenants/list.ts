import { Command } from 'commander';
import { readSettings, using, type CliContext } from '../../context.js';
import { jsonOption } from '../../flags.js';
import { formatTable, jsonLine } from '../../print.js';
import { factsOf, factsOfOwn } from './facts.js';

export function listCommand(context: CliContext): Command {
  return new Command('list')
    .description('the tenants that are kept, and the one that the environment describes')
    .addOption(jsonOption('tenant'))
    .action(async (flags: { json?: true }) => {
      const { config, log } = readSettings(context, { quiet: true });
      const { openReadingApp } = await import('../../../app.js');
      const { listTenants } = await import('../../../store/index.js');
      await using(openReadingApp(config, log), async (app) => {
        const kept = await listTenants(app.database);
        const { tenant } = config;
        const isKept = kept.some(({ tenantId }) => tenantId === tenant?.tenantId);
        const own = tenant === undefined || isKept ? [] : [factsOfOwn(tenant, config.schedule)];
        const facts = [...own, ...(await Promise.all(kept.map(({ tenantId }) => factsOf(app, tenantId))))];
        if (flags.json === true) {
          context.out.write(facts.map(jsonLine).join(''));
          return;
        }
        const rows = facts.map((each) => COLUMNS.map((column) => each[column]));
        context.out.write(
          rows.length === 0
            ? 'There is no tenant yet. To add one: rollcall tenants add --help\n'
            : formatTable(['name', 'tenant', 'application', 'credential', 'secret', 'state'], rows),
        );
      });
    });
}

const COLUMNS = ['name', 'tenant_id', 'client_id', 'credential', 'secret_ref', 'state'];

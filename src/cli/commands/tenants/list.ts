import type { CliContext } from '../../context.js';
import { formatTable, jsonLine } from '../../print.js';
import { factsOf, factsOfOwn } from './facts.js';
import { listTenants } from '../../../store/index.js';
import { withReadingApp } from '../../with-app.js';

export async function execute(context: CliContext, flags: { json?: true }): Promise<void> {
  await withReadingApp(context, async (app) => {
    const registered = await listTenants(app.database);
    const { tenant, schedule } = app.config;
    const isRegistered = registered.some(({ tenantId }) => tenantId === tenant?.tenantId);
    const own = tenant === undefined || isRegistered ? [] : [factsOfOwn(tenant, schedule)];
    const facts = [...own, ...(await Promise.all(registered.map(({ tenantId }) => factsOf(app, tenantId))))];
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
}

const COLUMNS = ['name', 'tenant_id', 'client_id', 'credential', 'secret_ref', 'state'];

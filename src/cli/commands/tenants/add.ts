import { RollcallError } from '../../../errors.js';
import type { CliContext } from '../../context.js';
import { operating } from '../../operating.js';
import { jsonLine } from '../../print.js';
import { checkBefore } from './check.js';
import { aboutTenant } from './difference.js';
import { toFields, toTenant, type FieldFlags } from './fields.js';
import { factsOf } from './facts.js';
import { openMigratedApp } from '../../../app.js';
import { findTenant, saveTenants } from '../../../store/index.js';
import { patienceIn, readSettings, using } from '../../with-app.js';

type AddFlags = FieldFlags & { readonly tenantId: string; readonly force?: true; readonly json?: true };

export async function execute(context: CliContext, name: string, flags: AddFlags): Promise<void> {
  const tenant = toTenant({ ...toFields(flags), name, tenant_id: flags.tenantId });
  const { config, log } = readSettings(context);
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
      flags.json === true ? jsonLine(facts) : `${name} is added: running workers read it within seconds.\n`,
    );
  });
}

const isThere = (name: string, tenantId: string) =>
  new RollcallError(
    'command_invalid',
    `There is a tenant ${name} (${tenantId}) already`,
    `To change it: rollcall tenants update ${JSON.stringify(name)} …`,
  );

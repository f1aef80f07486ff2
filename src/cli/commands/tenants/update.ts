import { ACCESS_FIELDS } from '../../../settings/tenant.js';
import type { CliContext } from '../../context.js';
import { requireTenant } from '../../lookup.js';
import { operating } from '../../operating.js';
import { jsonLine } from '../../print.js';
import { checkBefore } from './check.js';
import { aboutTenant } from './difference.js';
import { factsOf } from './facts.js';
import { toFields, toTenant, type FieldFlags } from './fields.js';
import { saveTenants, toSettings } from '../../../store/index.js';
import { withReadingApp } from '../../with-app.js';

type UpdateFlags = FieldFlags & { readonly force?: true; readonly json?: true };

export async function execute(context: CliContext, nameOrId: string, flags: UpdateFlags): Promise<void> {
  const fields = toFields(flags);
  await withReadingApp(context, async (app) => {
    const registered = await requireTenant(app.database, nameOrId);
    const before = toSettings(registered);
    const tenant = toTenant({ ...before, ...fields });
    const told = { action: 'tenants update' as const, ...aboutTenant({ kind: 'change', before, after: tenant }) };
    await operating(context, app.database, told, async (action) => {
      if (ACCESS_FIELDS.some((field) => field in fields)) await checkBefore(app, tenant, context, flags);
      await saveTenants(app.database, [tenant], (db) => action.done(db));
    });
    const facts = await factsOf(app, tenant.tenant_id);
    context.out.write(
      flags.json === true ? jsonLine(facts) : `${tenant.name} is changed: running workers notice it within seconds.\n`,
    );
  });
}

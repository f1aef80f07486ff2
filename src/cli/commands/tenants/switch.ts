import { RollcallError } from '../../../errors.js';
import type { CliContext } from '../../context.js';
import { requireTenant } from '../../lookup.js';
import { operating } from '../../operating.js';
import { jsonLine } from '../../print.js';
import { setEnabled } from '../../../store/index.js';
import { withQueueApp } from '../../with-app.js';

export const disable = { execute: switchTo('disable') };
export const enable = { execute: switchTo('enable') };

function switchTo(name: 'disable' | 'enable') {
  return (context: CliContext, nameOrId: string, flags: { json?: true }): Promise<void> =>
    withQueueApp(context, async ({ database, queue }) => {
      const tenant = await requireTenant(database, nameOrId);
      const told = { action: `tenants ${name}` as const, tenantId: tenant.tenantId, details: { name: tenant.name } };
      const changed = await operating(context, database, told, async (action) => {
        if (tenant.removingAt !== null) throw beingRemoved(tenant.name);
        return setEnabled(database, tenant, name === 'enable', (db, changed) =>
          action.done(db, { details: { changed } }),
        );
      });
      // Running workers notice it within seconds; the schedule does not wait for them.
      if (name === 'disable') await queue.setSchedules(tenant.tenantId, []);
      const state = `${name}d`;
      context.out.write(
        flags.json === true
          ? jsonLine({ name: tenant.name, tenant_id: tenant.tenantId, state })
          : `${tenant.name} is ${state}${changed ? '' : ' already'}.\n`,
      );
    });
}

const beingRemoved = (name: string) =>
  new RollcallError(
    'busy',
    `Tenant ${name} is being removed`,
    `Finish that: rollcall tenants remove ${JSON.stringify(name)}`,
  );

import { RollcallError } from '../errors.js';
import { findTenant, type Database, type RegisteredTenant, type Run, nameTenants, findRun } from '../store/index.js';
import { GUID } from '../settings/guid.js';

/** The tenant id for the value of `--tenant`: a name, or any id. @throws RollcallError `not_found` */
export async function tenantIdOf<T extends string | undefined>(
  database: Database,
  nameOrId: T,
): Promise<string | (T & undefined)> {
  if (nameOrId === undefined) return nameOrId;
  const tenant = await findTenant(database, nameOrId);
  if (tenant !== undefined) return tenant.tenantId;
  if (GUID.test(nameOrId)) return nameOrId.toLowerCase();
  throw noSuchTenant(nameOrId);
}

/** A tenant that is kept. @throws RollcallError `not_found` */
export async function requireTenant(database: Database, nameOrId: string): Promise<RegisteredTenant> {
  const tenant = await findTenant(database, nameOrId);
  if (tenant !== undefined) return tenant;
  throw new RollcallError(
    'not_found',
    `No tenant ${nameOrId} is registered`,
    'To list the tenants: rollcall tenants list. To change that of the environment, set its variables.',
  );
}

/** What people call a tenant: its name, or the id of one that is not kept. */
export async function tenantNames(database: Database): Promise<(tenantId: string) => string> {
  const names = await nameTenants(database);
  return (tenantId) => names.get(tenantId) ?? tenantId;
}

export const noSuchTenant = (nameOrId: string) =>
  new RollcallError('not_found', `There is no tenant ${nameOrId}`, 'To list the tenants: rollcall tenants list');

/** @throws RollcallError `not_found` */
export async function requireRun(database: Database, id: string): Promise<Run> {
  const run = await findRun(database, id);
  if (run !== undefined) return run;
  throw new RollcallError('not_found', `There is no run ${id}`, 'To list the runs: rollcall runs');
}

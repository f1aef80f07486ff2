import { z } from 'zod';
import type { Call } from '../call.js';
import type { DirectoryTable } from '../tenant/directory-table.js';
import type { TenantData } from '../tenant/tenant-data.js';

const properties = z.record(z.string(), z.unknown());
const object = z.looseObject({ id: z.string().min(1) });
const settings = z.strictObject({
  premium: z.boolean().optional(),
  concealedNames: z.boolean().optional(),
  hiddenMembers: z.enum(['forbidden', 'empty']).optional(),
  assignmentsOutliveGroups: z.boolean().optional(),
});
const secret = z.strictObject({ id: z.string(), value: z.string(), expires: z.string().optional() });
const trust = z.strictObject({
  issuer: z.string(),
  subject: z.string(),
  audience: z.string(),
  publicKey: z.string(),
});
const application = z.strictObject({
  enabled: z.boolean().optional(),
  roles: z.array(z.string()).optional(),
  secrets: z.array(secret).optional(),
  certificates: z.array(z.string()).optional(),
  federatedCredentials: z.array(trust).optional(),
  managedIdentity: z.enum(['system', 'user']).optional(),
});
const reference = z.object({
  type: z.enum(['user', 'group', 'device', 'orgContact', 'servicePrincipal']),
  id: z.string().min(1),
});

/**
 * Changes a tenant for who sits in another process; returns what is wrong with the request, if something is.
 *
 * - `PUT`, `PATCH`, `DELETE` (`?permanently`) `/emulator/tenants/{id}/users/{id}` and `POST …/restore`; the same for
 *   `servicePrincipals` and `groups`
 * - `POST …/signIns` with a list
 * - `POST …/members/{group id}` with a reference, `DELETE …/members/{group id}/{member id}`
 * - `POST …/appRoleAssignments/{resource id}` with an assignment, `DELETE …/appRoleAssignments/{resource id}/{its id}`
 * - `PATCH …/settings` (`premium`, `concealedNames`, `hiddenMembers`, `assignmentsOutliveGroups`)
 * - `PATCH …/applications/{client id}` (`enabled`, `roles`, `secrets`, `certificates`, `federatedCredentials`,
 *   `managedIdentity`)
 */
export function changeTenant(
  tenants: ReadonlyMap<string, TenantData>,
  call: Call,
  [tenantId = '', kind = '', id = '', last = '']: readonly string[],
): string | undefined {
  const tenant = tenants.get(tenantId);
  if (tenant === undefined) return 'there is no such tenant';
  const json: unknown = call.body === '' ? undefined : JSON.parse(call.body);
  if (kind === 'users' || kind === 'servicePrincipals' || kind === 'groups') {
    return changeObject(tenant[kind], call, json, id, last);
  }
  switch (`${call.method} ${kind}`) {
    case 'POST signIns':
      tenant.signIns.add(...z.array(object).parse(json));
      return undefined;
    case 'POST members':
      tenant.members.add(id, reference.parse(json));
      return undefined;
    case 'DELETE members':
      tenant.members.remove(id, (member) => member.id === last);
      return undefined;
    case 'POST appRoleAssignments':
      tenant.appRoleAssignments.add(id, object.parse(json));
      return undefined;
    case 'DELETE appRoleAssignments':
      tenant.appRoleAssignments.remove(id, (assignment) => assignment.id === last);
      return undefined;
    case 'PATCH settings':
      Object.assign(tenant, settings.parse(json));
      return undefined;
    case 'PATCH applications': {
      const found = tenant.applications.get(id);
      if (found === undefined) return 'there is no such application';
      Object.assign(found, application.parse(json));
      return undefined;
    }
    default:
      return 'there is no such path';
  }
}

function changeObject(table: DirectoryTable, call: Call, json: unknown, id: string, last: string): string | undefined {
  switch (`${call.method} ${last}`) {
    case 'PUT ':
      table.put({ ...properties.parse(json), id });
      return undefined;
    case 'PATCH ':
      table.update(id, properties.parse(json));
      return undefined;
    case 'DELETE ':
      if (call.query.has('permanently')) table.hardDelete(id);
      else table.softDelete(id);
      return undefined;
    case 'POST restore':
      table.restore(id);
      return undefined;
    default:
      return 'there is no such path';
  }
}

/** What administrators do to access: the tests' hands in a tenant. */
import type { DirectoryTable, GraphObject, TenantData } from '../../../src/emulator/index.js';

/** Everything in a table, in the order of its pages. */
export const objectsOf = (table: DirectoryTable): GraphObject[] =>
  table.places(-1, Number.MAX_SAFE_INTEGER).map((place) => table.at(place));

function named(table: DirectoryTable, name: string): GraphObject {
  const found = objectsOf(table).find(({ displayName }) => displayName === name);
  if (found === undefined) throw new Error(`the tenant has nothing named ${name}`);
  return found;
}

export const appOf = ({ servicePrincipals }: TenantData, name: string): GraphObject => named(servicePrincipals, name);
export const groupOf = ({ groups }: TenantData, name: string): GraphObject => named(groups, name);

/** The ids of the members of the tenant, sorted; agents are none. */
export const membersOf = ({ users }: TenantData): string[] =>
  objectsOf(users)
    .filter((each) => each['userType'] === 'Member' && each['@odata.type'] === undefined)
    .map(({ id }) => id)
    .sort();

export const user = (id: string | undefined) => ({ type: 'User', id: String(id) });
export const group = (id: string | undefined) => ({ type: 'Group', id: String(id) });

let made = 0;
/** Gives a principal access; the id is none that could be mistaken for a GUID. */
export const assign = (
  tenant: TenantData,
  app: string,
  principal: { type: string; id: string },
  special: Record<string, unknown> = {},
) => {
  made += 1;
  const resource = appOf(tenant, app);
  tenant.appRoleAssignments.add(resource.id, {
    id: `made-by-the-test_${String(made).padStart(4, '0')}-AbCdEfGhIjKlMnOpQr`,
    appRoleId: '00000000-0000-0000-0000-000000000000',
    createdDateTime: '2025-05-05T05:05:05.1234567Z',
    principalDisplayName: null,
    principalId: principal.id,
    principalType: principal.type,
    resourceDisplayName: app,
    resourceId: resource.id,
    ...special,
  });
};

/** The bounds of every window of sign-ins that was asked for, in order, one entry a request without a page token. */
export function windowsOf(paths: readonly string[]): { readonly from: string; readonly to: string }[] {
  return paths
    .map((path) => decodeURIComponent(path.replaceAll('+', ' ')))
    .filter((path) => path.startsWith('/v1.0/auditLogs/signIns') && !path.includes('$skiptoken'))
    .map((path) => {
      const [, from, to] = /\$filter=createdDateTime ge (\S+?Z) and createdDateTime le (\S+?Z)(?:&|$)/.exec(path) ?? [];
      if (from === undefined || to === undefined) throw new Error(`${path} has no window`);
      return { from, to };
    });
}

const HOUR = 3_600_000;
export const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR).toISOString();

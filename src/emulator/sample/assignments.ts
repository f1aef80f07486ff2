import { createHash } from 'node:crypto';
import type { GraphObject } from '../tenant/graph-object.js';
import { isRecord } from '../tenant/graph-object.js';
import { DEFAULT_ROLE } from './application.js';
import type { SampleGroup } from './groups.js';

type PrincipalType = 'User' | 'Group' | 'ServicePrincipal';

/** Someone gets access to something. */
export function assignment(
  resource: GraphObject,
  principal: GraphObject,
  principalType: PrincipalType,
  {
    roleId = DEFAULT_ROLE,
    createdDateTime = '2024-02-02T04:22:45.9480566Z',
  }: { roleId?: string; createdDateTime?: string | null } = {},
): GraphObject {
  return {
    // 43 characters that are no GUID, as in Graph.
    id: createHash('sha256').update(`${resource.id} ${principal.id} ${roleId}`).digest('base64url'),
    deletedDateTime: null,
    appRoleId: roleId,
    createdDateTime,
    principalDisplayName: principal['displayName'],
    principalId: principal.id,
    principalType,
    resourceDisplayName: resource['displayName'],
    resourceId: resource.id,
  };
}

interface Sample {
  readonly users: readonly GraphObject[];
  readonly applications: readonly GraphObject[];
  readonly groups: readonly SampleGroup[];
}

/** Who may use what, by the id of the application. */
export function assignments({ users, applications, groups }: Sample): ReadonlyMap<string, readonly GraphObject[]> {
  const app = finder('application', applications);
  const team = finder(
    'group',
    groups.map(({ group }) => group),
  );
  const people = (from: number, count: number): readonly GraphObject[] => users.slice(from, from + count);
  const toUsers = (name: string, from: number, count: number): readonly GraphObject[] =>
    people(from, count).map((user, index) =>
      assignment(app(name), user, 'User', { createdDateTime: index % 11 === 5 ? null : day(index) }),
    );
  const toGroup = (name: string, group: string): GraphObject => assignment(app(name), team(group), 'Group');

  const all = [
    ...toUsers('Timesheets', 0, 250),
    ...toUsers('Frame Configurator', 60, 25),
    toGroup('Frame Configurator', 'Frame Builders'),
    // Both ways at once: these users are in the group too.
    toGroup('Timesheets', 'Everyone in Utrecht'),
    ...warehouse(app('Warehouse'), people(180, 6), [
      team('Warehouse'),
      team('Nested: Warehouse Leads'),
      team('Kiosks'),
    ]),
    toGroup('Legacy Intranet', 'Only a group inside'),
    toGroup('Legacy Intranet', 'Nobody'),
    ...toUsers('Acme CRM', 100, 40),
    toGroup('Acme CRM', 'Sales'),
    toGroup('Acme CRM', 'Suppliers'),
    assignment(app('Order API'), app('func-orders'), 'ServicePrincipal'),
    assignment(app('Microsoft Graph'), app('Rollcall'), 'ServicePrincipal'),
    ...toUsers('Cloudboard', users.length - 45, 45),
    toGroup('Cloudboard', 'Odd people'),
    toGroup('Docusheet', 'Automation'),
    toGroup('Gearbox HR', 'Guests of Design'),
    ...toUsers('Old Dealer Portal', 12, 7),
    ...toUsers('Everest Travel', 300, 30),
  ];
  return grouped(all);
}

/** Several roles for the same people, some of whom have them through a group as well. */
function warehouse(
  resource: GraphObject,
  people: readonly GraphObject[],
  groups: readonly GraphObject[],
): readonly GraphObject[] {
  const roles = Array.isArray(resource['appRoles'])
    ? resource['appRoles'].filter(isRecord).map(({ id }) => String(id))
    : [];
  return [
    ...people.flatMap((user, index) =>
      roles.slice(index % 2).map((roleId) => assignment(resource, user, 'User', { roleId })),
    ),
    ...groups.map((group, index) => assignment(resource, group, 'Group', { roleId: roles[index] ?? DEFAULT_ROLE })),
  ];
}

function day(index: number): string {
  return new Date(Date.UTC(2023, 0, 1 + index, 7, 30)).toISOString();
}

function finder(what: string, objects: readonly GraphObject[]): (name: string) => GraphObject {
  const byName = new Map(objects.map((object) => [object['displayName'], object]));
  return (name) => {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`the sample has no ${what} ${name}`);
    return found;
  };
}

function grouped(all: readonly GraphObject[]): ReadonlyMap<string, readonly GraphObject[]> {
  const byResource = new Map<string, GraphObject[]>();
  for (const one of all) {
    const resourceId = String(one['resourceId']);
    byResource.set(resourceId, [...(byResource.get(resourceId) ?? []), one]);
  }
  return byResource;
}

import type { DirectoryTable } from '../tenant/directory-table.js';
import type { GraphObject } from '../tenant/graph-object.js';
import type { TenantData } from '../tenant/tenant-data.js';
import { contextOf, entity, type GraphRequest, type Route } from './answer.js';
import { forbidden } from './denials.js';
import { badRequest, notFound } from './graph-failure.js';
import { GROUP } from './member-types.js';
import { projector, type ObjectType } from './object-type.js';
import { checkOptions } from './query-options.js';
import { selected } from './select.js';
import { SERVICE_PRINCIPAL } from './service-principal-type.js';
import { USER } from './user-type.js';

interface Kind {
  readonly type: ObjectType;
  readonly table: (tenant: TenantData) => DirectoryTable;
  readonly permissions: readonly string[];
}

const KINDS: readonly Kind[] = [
  { type: USER, table: ({ users }) => users, permissions: ['User.Read.All'] },
  {
    type: SERVICE_PRINCIPAL,
    table: ({ servicePrincipals }) => servicePrincipals,
    permissions: ['Application.Read.All'],
  },
  { type: GROUP, table: ({ groups }) => groups, permissions: ['Group.Read.All'] },
];
const ANY = 'Directory.Read.All';
const PERMISSIONS = [...KINDS.flatMap(({ permissions }) => permissions), ANY];

/** The recycle bin, of one type: without one Graph lists nothing. @see https://learn.microsoft.com/graph/api/directory-deleteditems-list */
export const deletedItems: Route = {
  pattern: /^\/directory\/deletedItems(?:\/microsoft\.graph\.(\w+))?$/,
  permissions: PERMISSIONS,
  units: 1,
  answer(request) {
    const { call, world, tenant, parameters } = request;
    checkOptions(call, { known: ['$select'] });
    const kind = KINDS.find(({ type }) => type.name === parameters[0]);
    if (kind === undefined) throw badRequest('A type must follow: /directory/deletedItems/microsoft.graph.user.');
    checkMay(request, kind);
    const project = projector(kind.type, selected(kind.type, call.query.get('$select')));
    const value = [...kind.table(tenant).bin.values()].map(project);
    return { body: JSON.stringify({ '@odata.context': contextOf(world, `${kind.type.name}s`), value }) };
  },
};

/** One deleted object, with or without its type. @see https://learn.microsoft.com/graph/api/directory-deleteditems-get */
export const deletedItem: Route = {
  pattern: /^\/directory\/deletedItems\/(?:microsoft\.graph\.(\w+)\/)?([^/]+)$/,
  permissions: PERMISSIONS,
  units: 1,
  answer(request) {
    const { call, world, tenant, parameters } = request;
    checkOptions(call, { known: ['$select'] });
    const [type, id = ''] = parameters;
    const [kind, object] = find(tenant, type, id);
    checkMay(request, kind);
    const project = projector(kind.type, selected(kind.type, call.query.get('$select')));
    const named = { '@odata.type': `#microsoft.graph.${kind.type.name}`, ...project(object) };
    return entity(world, 'directoryObjects/$entity', named);
  },
};

function find(tenant: TenantData, type: string | undefined, id: string): readonly [Kind, GraphObject] {
  for (const kind of KINDS.filter((each) => type === undefined || each.type.name === type)) {
    const object = kind.table(tenant).bin.get(id.toLowerCase());
    if (object !== undefined) return [kind, object];
  }
  throw notFound(id);
}

function checkMay({ caller }: GraphRequest, { permissions }: Kind): void {
  if (![...permissions, ANY].some((permission) => caller.roles.includes(permission))) throw forbidden();
}

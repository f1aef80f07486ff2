import type { GraphObject } from '../tenant/graph-object.js';
import type { MemberReference, TenantData } from '../tenant/tenant-data.js';
import type { GraphRequest, Route } from './answer.js';
import { countRoute } from './count.js';
import { forbidden } from './denials.js';
import { badRequest, notFound } from './graph-failure.js';
import { listLinks } from './link-listing.js';
import { MEMBER_TYPES } from './member-types.js';
import { projector } from './object-type.js';
import { checkOptions, isEventual } from './query-options.js';

/** Direct members, of all types. @see https://learn.microsoft.com/graph/api/group-list-members */
export const groupMembers: Route = {
  pattern: /^\/groups\/([^/]+)\/members(?:\/microsoft\.graph\.(\w+))?$/,
  // @see https://github.com/microsoftgraph/microsoft-graph-devx-content/blob/master/permissions/new/permissions.json
  permissions: [...MEMBER_TYPES.group.permissions, 'GroupMember.ReadBasic.All'],
  units: 3,
  answer(request) {
    const { call, tenant } = request;
    const [groupId = '', cast] = request.parameters;
    checkOptions(call, { known: ['$select', '$top', '$count'], refused: ['$skip'] });
    if (cast !== undefined && !(isEventual(call) && call.query.get('$count') === 'true')) throw needsAdvanced();
    const isHidden = hidesMembers(request);
    return listLinks(request, {
      context: (select) => `directoryObjects${select === null ? '' : `(${select})`}`,
      slots: isHidden ? [] : tenant.members.slots(groupId),
      project: (select) => memberProjector(request, select, cast),
    });
  },
};

/** It counts what the listing shows, of one type if there is a cast. @see https://learn.microsoft.com/graph/api/group-list-members */
export const groupMembersCount = countRoute(
  {
    pattern: /^\/groups\/([^/]+)\/members(?:\/microsoft\.graph\.(\w+))?\/\$count$/,
    permissions: MEMBER_TYPES.group.permissions,
    units: 3,
  },
  (request) => {
    if (hidesMembers(request)) return 0;
    const [groupId = '', cast] = request.parameters;
    const project = memberProjector(request, 'id', cast);
    return request.tenant.members.of(groupId).filter((member) => project(member) !== undefined).length;
  },
);

/** Refuses a group that is not there, or whose members the caller may not see; or says that there seem to be none. */
function hidesMembers({ caller, tenant, parameters: [groupId = ''] }: GraphRequest): boolean {
  const group = tenant.groups.get(groupId);
  if (group === undefined) throw notFound(groupId);
  const isHidden = group['visibility'] === 'HiddenMembership' && !caller.roles.includes('Member.Read.Hidden');
  if (isHidden && tenant.hiddenMembers !== 'empty') throw forbidden();
  return isHidden;
}

function needsAdvanced() {
  return badRequest(
    'The specified query is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information',
    'Request_UnsupportedQuery',
  );
}

function memberProjector({ caller, tenant }: GraphRequest, select: string | null, cast: string | undefined) {
  const wanted = select === null ? undefined : select.split(',').map((name) => name.trim());
  const known = Object.values(MEMBER_TYPES).map(({ type }) => type.properties);
  const unknown = wanted?.find((name) => !known.some((properties) => properties.has(name)));
  if (unknown !== undefined) {
    throw badRequest(`Could not find a property named '${unknown}' on type 'microsoft.graph.directoryObject'.`);
  }
  const project = new Map(
    Object.entries(MEMBER_TYPES).map(([name, { type, permissions }]) => {
      const fields = wanted === undefined ? type.defaults : wanted.filter((field) => type.properties.has(field));
      const isReadable = permissions.some((permission) => caller.roles.includes(permission));
      return [name, isReadable ? projector(type, fields) : limited(fields)];
    }),
  );
  return (reference: MemberReference) => {
    // A known issue of v1.0: service principals are members and are not returned.
    if (reference.type === 'servicePrincipal' || (cast !== undefined && cast !== reference.type)) return undefined;
    const member = find(tenant, reference);
    if (member === undefined) return undefined;
    return { '@odata.type': `#microsoft.graph.${reference.type}`, ...project.get(reference.type)?.(member) };
  };
}

/** Graph shows only the existence of a member that the caller may not read. */
function limited(fields: readonly string[]): (object: GraphObject) => Record<string, unknown> {
  return ({ id }) => ({ ...Object.fromEntries(fields.map((field) => [field, null])), id });
}

function find(tenant: TenantData, { type, id }: MemberReference): GraphObject | undefined {
  if (type === 'user') return tenant.users.get(id);
  if (type === 'group') return tenant.groups.get(id);
  if (type === 'device') return tenant.devices.get(id);
  return type === 'orgContact' ? tenant.contacts.get(id) : undefined;
}

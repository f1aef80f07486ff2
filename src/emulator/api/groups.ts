import { entity, type Route } from './answer.js';
import { notFound } from './graph-failure.js';
import { list } from './listing.js';
import { GROUP, MEMBER_TYPES } from './member-types.js';
import { projector } from './object-type.js';
import { checkOptions } from './query-options.js';
import { selected } from './select.js';

/** @see https://learn.microsoft.com/graph/api/group-list */
export const groups: Route = {
  pattern: /^\/groups$/,
  permissions: MEMBER_TYPES.group.permissions,
  units: 1,
  answer(request) {
    checkOptions(request.call, { known: ['$select', '$top', '$count'], refused: ['$skip'] });
    return list(request, { name: 'groups', type: GROUP, table: request.tenant.groups });
  },
};

/** @see https://learn.microsoft.com/graph/api/group-get */
export const group: Route = {
  pattern: /^\/groups\/([^/]+)$/,
  permissions: MEMBER_TYPES.group.permissions,
  units: 1,
  answer({ world, call, tenant, parameters: [id = ''] }) {
    checkOptions(call, { known: ['$select'] });
    const fields = selected(GROUP, call.query.get('$select'));
    const found = tenant.groups.get(id);
    if (found === undefined) throw notFound(id);
    return entity(world, 'groups/$entity', projector(GROUP, fields)(found));
  },
};

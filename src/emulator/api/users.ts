import { entity, type Answer, type GraphRequest, type Route } from './answer.js';
import { countRoute } from './count.js';
import { notFound } from './graph-failure.js';
import { list } from './listing.js';
import { projector } from './object-type.js';
import { checkOptions } from './query-options.js';
import { selected } from './select.js';
import { checkUserFields } from './user-permissions.js';
import { USER } from './user-type.js';

const PERMISSIONS = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'User.ReadBasic.All'];

// Reading sign-in activity is dear: https://learn.microsoft.com/graph/api/user-list#optional-query-parameters
const LARGEST_PAGE_WITH_ACTIVITY = 500;

/** @see https://learn.microsoft.com/graph/api/user-list */
export const users: Route = {
  pattern: /^\/users$/,
  permissions: PERMISSIONS,
  units: 2,
  answer(request) {
    checkOptions(request.call, { known: ['$select', '$top', '$count'], refused: ['$skip'] });
    return list(request, {
      name: 'users',
      type: USER,
      table: request.tenant.users,
      check: (fields) => checkUserFields(request, fields),
      largestPage: (fields) => (fields.includes('signInActivity') ? LARGEST_PAGE_WITH_ACTIVITY : Infinity),
    });
  },
};

/** @see https://learn.microsoft.com/graph/api/user-list#example-3-get-only-a-count-of-users */
export const usersCount = countRoute(
  { pattern: /^\/users\/\$count$/, permissions: PERMISSIONS, units: 1 },
  ({ tenant }) => tenant.users.size,
);

/** @see https://learn.microsoft.com/graph/api/user-get */
export const user: Route = {
  pattern: /^\/users\/([^/]+)$/,
  permissions: PERMISSIONS,
  units: 1,
  answer(request: GraphRequest): Answer {
    checkOptions(request.call, { known: ['$select'] });
    const [name = ''] = request.parameters;
    const select = request.call.query.get('$select');
    const fields = selected(USER, select);
    checkUserFields(request, fields);
    const found = request.tenant.users.get(name) ?? byPrincipalName(request, name);
    if (found === undefined) throw notFound(name);
    const context = select === null ? 'users/$entity' : `users(${fields.join(',')})/$entity`;
    return entity(request.world, context, projector(USER, fields)(found));
  },
};

function byPrincipalName({ tenant }: GraphRequest, name: string) {
  if (!name.includes('@')) return undefined;
  const { users } = tenant;
  const wanted = name.toLowerCase();
  const isWanted = (place: number) => String(users.at(place)['userPrincipalName']).toLowerCase() === wanted;
  const place = users.places(-1, users.size).find(isWanted);
  return place === undefined ? undefined : users.at(place);
}

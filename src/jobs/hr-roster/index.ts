import { selectOf, withQuery } from '../../graph/index.js';
import { syncTable, users } from '../../store/index.js';
import { readWithDelta } from '../read-with-delta.js';
import { defineCollection, defineTask } from '../task.js';
import { filterUser } from './filter.js';
import { graphUser } from './graph-user.js';
import { toUserRow } from './normalize.js';

const select = selectOf(graphUser);

export const hrRoster = defineTask({
  name: 'hr-roster',
  summary: 'who works here',
  permissions: ['User.Read.All'],
  schedules: ['nightly'],
  needs: [],
  view: 'rollcall.hr_roster',
  collections: [
    defineCollection({
      resource: '/users',
      table: syncTable(users),
      item: graphUser,
      identity: graphUser.pick({ id: true }).transform(({ id }) => ({ userId: id })),
      toRow: toUserRow,
      filter: filterUser,
      select,
      read: (options) =>
        readWithDelta(options, {
          // 999 is the most that Graph gives: https://learn.microsoft.com/graph/api/user-list
          list: withQuery('/users', { $select: select, $top: 999 }),
          delta: withQuery('/users/delta', { $select: select }),
          object: (id) => withQuery(`/users/${id}`, { $select: select }),
          always: ['userPrincipalName', 'displayName', 'accountEnabled'],
        }),
    }),
  ],
});

import { selectOf } from '../../graph/index.js';
import { syncTable, users } from '../../store/index.js';
import { defineCollection, defineTask } from '../define-task.js';
import { tracked } from '../reading/tracked/tracked.js';
import { filterUser, restsOn } from './filter.js';
import { graphUser } from './item.js';
import { toUserRow } from './normalize.js';
import { userSources } from './sources.js';

const select = selectOf(graphUser);

/**
 * What: every user of the directory, guests and agents by filter.
 * When: every night.
 * Changes: a delta query; everything again after FULL_READ_EVERY_DAYS, or if Graph has lost the delta link.
 * Removals: Graph says so in a delta query, or a listing that Graph's count proves complete lacks the user.
 * @see https://learn.microsoft.com/graph/api/user-list https://learn.microsoft.com/graph/api/user-delta
 */
export const hrRoster = defineTask({
  name: 'hr-roster',
  summary: 'who works here',
  permissions: ['User.Read.All'],
  schedules: ['nightly'],
  dependsOn: [],
  view: 'rollcall.hr_roster',
  collections: [
    defineCollection({
      resource: '/users',
      table: syncTable(users, ['displayName', 'userPrincipalName', 'userId']),
      item: graphUser,
      identity: graphUser.pick({ id: true }).transform(({ id }) => ({ userId: id })),
      toRow: toUserRow,
      filter: filterUser,
      restsOn,
      select,
      ...tracked({ path: '/users', what: 'users', select, sources: userSources }),
    }),
  ],
});

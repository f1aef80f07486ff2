import { selectOf } from '../../graph/index.js';
import { syncTable, users } from '../../store/index.js';
import { defineCollection, defineTask } from '../define-task.js';
import { tracked } from '../reading/tracked/tracked.js';
import { filterUser, restsOn } from './filter.js';
import { graphUser } from './item.js';
import { toUserRow } from './normalize.js';
import { userSources } from './sources.js';

const select = selectOf(graphUser);

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

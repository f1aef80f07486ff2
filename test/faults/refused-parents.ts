import type { FaultAction } from '../../src/emulator/index.js';
import { objectsOf } from '../support/setup/access-tenant.js';
import type { FaultCase } from './fault-case.js';
import { refusal, strike } from './lists.js';
import { ONLY_HERE, PAGE, tenantNow } from './tenant.js';

const now = tenantNow(new Date(0));
/** The first that have several pages: those whose later pages are struck. */
const [application = ''] = objectsOf(now.servicePrincipals)
  .map(({ id }) => id)
  .filter((id) => now.appRoleAssignments.of(id).length > PAGE)
  .sort();
const [group = ''] = objectsOf(now.groups)
  .map(({ id }) => id)
  .filter((id) => now.members.of(id).length > PAGE)
  .sort();

const CODES = { 403: 'Authorization_RequestDenied', 404: 'Request_ResourceNotFound', 410: 'Gone' } as const;
const STATUSES = [403, 404, 410] as const;
type Status = (typeof STATUSES)[number];
const refused = (status: Status) => refusal(status, CODES[status]);

const ofApplication = (status: Status, times: number | 'always', position: 'first' | 'last'): FaultCase => ({
  fault: String(status),
  where: `an application, its ${position} page`,
  strikes: () => [strike('appRoleAssignedTo', position, refused(status), times, application)],
  partial: { 'sso-roster': [] },
  keeps: (table, row) => table === 'app_role_assignments' && row['app_instance_id'] === application,
});
const ofGroup = (status: Status): FaultCase => ({
  fault: String(status),
  where: 'a group, its middle page',
  strikes: () => [strike('members', 'middle', refused(status), 1, group)],
  partial: { 'sso-roster': [] },
  keeps: (table, row) => table === 'group_members' && row['group_id'] === group,
});

const record = (body: unknown): object => (typeof body === 'object' && body !== null ? body : {});

/** What Graph answers of hidden members without `Member.Read.Hidden`, which the application of the tests does not have. */
const hidden = (fault: string, action: FaultAction): FaultCase => ({
  fault,
  where: 'a group that hides its members',
  strikes: () => [
    strike('members', 'first', action, 1, ONLY_HERE.group),
    {
      path: `/v1.0/groups/${ONLY_HERE.group}?`,
      action: { kind: 'edit', edit: (body) => ({ ...record(body), visibility: 'HiddenMembership' }) },
    },
  ],
  partial: { 'sso-roster': [] },
  keeps: (table, row) => table === 'group_members' && row['group_id'] === ONLY_HERE.group,
});

export const refusedParents: readonly FaultCase[] = [
  ...STATUSES.flatMap((status) => [
    ofApplication(status, 1, 'first'),
    ofApplication(status, 1, 'last'),
    ofGroup(status),
    {
      fault: String(status),
      where: 'every application',
      strikes: () => [strike('appRoleAssignedTo', 'first', refused(status), 'always')],
      fails: { 'sso-roster': status === 403 ? 'graph_forbidden' : 'graph_not_found' },
    } as const,
    {
      fault: String(status),
      where: 'every group',
      strikes: () => [strike('members', 'first', refused(status), 'always')],
      partial: { 'sso-roster': [] },
      keeps: (table) => table === 'group_members',
    } satisfies FaultCase,
  ]),
  {
    fault: '404',
    where: 'an application, and a Graph without $batch',
    strikes: () => [
      { path: '/v1.0/$batch', times: 'always', action: refusal(404, 'ResourceNotFound') },
      strike('appRoleAssignedTo', 'first', refused(404), 1, application),
    ],
    partial: { 'sso-roster': [] },
    keeps: (table, row) => table === 'app_role_assignments' && row['app_instance_id'] === application,
    short: true,
  },
  hidden('403', refused(403)),
  hidden('no members', { kind: 'edit', edit: (body) => ({ ...record(body), value: [] }) }),
];

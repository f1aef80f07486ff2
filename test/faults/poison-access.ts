import type { FaultAction } from '../../src/emulator/index.js';
import { objectsOf } from '../support/setup/access-tenant.js';
import type { FaultCase } from './fault-case.js';
import { strike } from './lists.js';
import type { Row } from './snapshot.js';
import { ONLY_HERE, PAGE, tenantNow } from './tenant.js';

const PLACE = 2;
const INDEX = PAGE + PLACE;
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
const assignmentId = now.appRoleAssignments.of(application)[INDEX]?.id;
const memberId = now.members.of(group)[INDEX]?.id;

const isAssignment = (row: Row) => row['assignment_id'] === assignmentId;
const isMember = (row: Row) => row['group_id'] === group && row['member_id'] === memberId;
const isGone = (row: Row) => row['removed_at'] !== null;

const set = (property: string, value: unknown): FaultAction => ({
  kind: 'patch',
  operations: [{ op: 'add', path: `/value/${PLACE}/${property}`, value }],
});

/** Changes one assignment wherever it is listed. */
const poisoned = (id: string, cells: Row): FaultAction => ({
  kind: 'edit',
  edit: (body) => {
    const page = body as { value?: Row[] };
    return { ...page, value: page.value?.map((item) => (item['id'] === id ? { ...item, ...cells } : item)) };
  },
});

const assignment = (fault: string, action: FaultAction, reason: string): FaultCase => ({
  fault,
  where: 'one of the assignments',
  strikes: () => [strike('appRoleAssignedTo', 'middle', action, 1, application)],
  partial: { 'sso-roster': [reason] },
  keeps: (table, row) => table === 'app_role_assignments' && isAssignment(row),
});
const namelessAssignment = (fault: string, action: FaultAction, reason: string): FaultCase => ({
  ...assignment(fault, action, reason),
  keeps: (table, row) => table === 'app_role_assignments' && (isAssignment(row) || isGone(row)),
});

const onlyGroup = (fault: string, cells: Row, reason: string, isNameless: boolean): FaultCase => ({
  fault,
  where: 'the only assignment of a group; its members stay',
  strikes: () => [{ path: /\/appRoleAssignedTo/, times: 'always', action: poisoned(ONLY_HERE.assignment, cells) }],
  partial: { 'sso-roster': [reason] },
  keeps: (table, row) =>
    table === 'app_role_assignments' && (row['assignment_id'] === ONLY_HERE.assignment || (isNameless && isGone(row))),
});

export const poisonAccess: readonly FaultCase[] = [
  assignment('a number where a string is expected', set('principalId', 7), 'principalId'),
  assignment('a principal that is no GUID', set('principalId', 'no GUID'), 'principalId'),
  namelessAssignment('an id that is null', set('id', null), 'id'),
  namelessAssignment('an id of 5 MB', set('id', 'x'.repeat(5 * 1024 * 1024)), 'id'),
  onlyGroup('a number where a string is expected', { principalId: 7 }, 'principalId', false),
  onlyGroup('an id that is null', { id: null }, 'id', true),
  {
    fault: 'an id that is no GUID',
    where: 'one of the members of a group',
    strikes: () => [strike('members', 'middle', set('id', 'no GUID'), 1, group)],
    partial: { 'sso-roster': ['id'] },
    keeps: (table, row) => table === 'group_members' && (isMember(row) || isGone(row)),
  },
  {
    fault: 'a number where a string is expected',
    where: 'the type of a member of a group',
    strikes: () => [strike('members', 'middle', set('@odata.type', 7), 1, group)],
    partial: { 'sso-roster': ['@odata.type'] },
    keeps: (table, row) => table === 'group_members' && isMember(row),
  },
];

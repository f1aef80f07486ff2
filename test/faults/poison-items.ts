import type { FaultAction } from '../../src/emulator/index.js';
import { objectsOf } from '../support/setup/access-tenant.js';
import type { FaultCase } from './fault-case.js';
import { strike } from './lists.js';
import type { Row } from './snapshot.js';
import { PAGE, tenantNow } from './tenant.js';

/** On a middle page. */
const PLACE = 2;
const INDEX = PAGE + PLACE;

// Ids and their order do not depend on the moment.
const now = tenantNow(new Date(0));
const userId = objectsOf(now.users)[INDEX]!.id;
const principalId = objectsOf(now.servicePrincipals)[INDEX]!.id;
const set = (property: string, value: unknown): FaultAction => ({
  kind: 'patch',
  operations: [{ op: 'add', path: `/value/${PLACE}/${property}`, value }],
});
const without = (property: string): FaultAction => ({
  kind: 'patch',
  operations: [{ op: 'remove', path: `/value/${PLACE}/${property}` }],
});

const poisonedUser = (fault: string, action: FaultAction, reason: string): FaultCase => ({
  fault,
  where: 'one of the users',
  strikes: () => [strike('users', 'middle', action)],
  partial: { 'hr-roster': [reason] },
  keeps: (table, row) => table === 'users' && row['user_id'] === userId,
});

const nameless = (fault: string, action: FaultAction, reason: string): FaultCase => ({
  ...poisonedUser(fault, action, reason),
  // Anybody who seems to be gone may be the one whose id could not be read.
  keeps: (table, row) => table === 'users' && (row['user_id'] === userId || row['removed_at'] !== null),
});

const userBecomes = (fault: string, action: FaultAction, cells: Row): FaultCase => ({
  fault,
  where: 'one of the users',
  strikes: () => [strike('users', 'middle', action)],
  alters: (table, row) =>
    table === 'users' && row['user_id'] === userId ? { ...row, changed_at: 'since', ...cells } : row,
});

const HUGE = 'x'.repeat(5 * 1024 * 1024);

const users: readonly FaultCase[] = [
  poisonedUser('a number where a string is expected', set('displayName', 7), 'displayName'),
  poisonedUser('null in a list of strings', set('proxyAddresses', [null]), 'proxyAddresses'),
  poisonedUser('a date that is none', set('createdDateTime', 'yesterday'), 'createdDateTime'),
  poisonedUser('an object where a string is expected', set('department', {}), 'department'),
  nameless('an id that is no GUID', set('id', 'no GUID'), 'id'),
  nameless('an id that is null', set('id', null), 'id'),
  nameless(
    'an item that is null',
    { kind: 'patch', operations: [{ op: 'replace', path: `/value/${PLACE}`, value: null }] },
    'item',
  ),
  nameless(
    'an item that is a string',
    { kind: 'patch', operations: [{ op: 'replace', path: `/value/${PLACE}`, value: 'x' }] },
    'item',
  ),
  userBecomes('null where a string is expected', set('displayName', null), { display_name: null }),
  userBecomes('a page that omits a property', without('department'), { department: null }),
  userBecomes('a name with \\u0000', set('displayName', 'A\u0000da'), { display_name: 'Ada' }),
  userBecomes('half a surrogate pair', set('displayName', 'A\ud800da'), { display_name: 'A\ufffdda' }),
  userBecomes('a user without userPrincipalName', without('userPrincipalName'), { user_principal_name: null }),
  userBecomes('a string of 5 MB', set('displayName', HUGE), { display_name: HUGE }),
  poisonedUser('5 MB where a date is expected', set('createdDateTime', HUGE), 'createdDateTime'),
];

const principals: readonly FaultCase[] = [
  {
    fault: 'a number where a string is expected',
    where: 'one of the applications',
    strikes: () => [strike('servicePrincipals', 'middle', set('displayName', 7))],
    partial: { 'application-discovery': ['displayName'] },
    keeps: (table, row) => table === 'service_principals' && row['app_instance_id'] === principalId,
  },
  {
    fault: 'an id that is no GUID',
    where: 'one of the applications',
    strikes: () => [strike('servicePrincipals', 'middle', set('id', 'no GUID'))],
    partial: { 'application-discovery': ['id'] },
    keeps: (table, row) =>
      table === 'service_principals' && (row['app_instance_id'] === principalId || row['removed_at'] !== null),
  },
];

/** The same user comes again, with other cells, on a later page. */
const comesAgain = (fault: string, alsoFirst: boolean): FaultCase => ({
  fault,
  where: 'users, a middle and the last page',
  strikes: () => {
    let moved: Row | undefined;
    const take = (body: unknown) => {
      const page = body as { value: Row[] };
      moved = page.value[PLACE];
      return alsoFirst ? page : { ...page, value: page.value.filter((_, place) => place !== PLACE) };
    };
    const give = (body: unknown) => {
      const page = body as { value: Row[] };
      return { ...page, value: [...page.value, { ...moved, department: 'As read last' }] };
    };
    return [
      strike('users', 'middle', { kind: 'edit', edit: take }),
      strike('users', 'last', { kind: 'edit', edit: give }),
    ];
  },
  alters: (table, row) =>
    table === 'users' && row['user_id'] === userId ? { ...row, changed_at: 'since', department: 'As read last' } : row,
});

export const poisonItems: readonly FaultCase[] = [
  ...users,
  ...principals,
  comesAgain('the same object twice', true),
  comesAgain('an object that moves between pages', false),
];

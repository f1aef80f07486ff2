import type { Fault, FaultAction } from '../../src/emulator/index.js';
import { objectsOf } from '../support/setup/access-tenant.js';
import type { FaultCase } from './fault-case.js';
import { refusal, strike } from './lists.js';
import { ONLY_HERE, PAGE, tenantNow } from './tenant.js';

// What Graph leaves out: properties of an object, an object, the rest of a list. None of it is a value.
const DELTA = /^\/v1\.0\/(users|servicePrincipals)\/delta/;
/** A user or an application by its id. */
const OBJECT = /^\/v1\.0\/(users|servicePrincipals)\/[0-9a-f]{8}-[^/]*$/;
const NOT_FOUND = refusal(404, 'Request_ResourceNotFound');

const always = (path: RegExp, action: FaultAction): Fault => ({ path, times: 'always', action });
const tellPart = (...properties: string[]): Fault => always(DELTA, { kind: 'tell-part', properties });

const toldInPart = (how: string, properties: readonly string[]): FaultCase => ({
  fault: `told in part: ${how}`,
  where: 'the changes of users and of applications',
  start: 'changes',
  strikes: () => [tellPart(...properties)],
});

const users = objectsOf(tenantNow(new Date()).users).map(({ id }) => id);
const applications = objectsOf(tenantNow(new Date()).servicePrincipals).map(({ id }) => id);
/** Of the people and applications that the changes tell of, those that exist. */
const NEW = [1, 2, 3].map((number) => `a0a0a0a0-0000-4000-8000-00000000000${number}`);
const CHANGED = new Set([users[0], applications[0], ...NEW]);
const [LARGE_GROUP = ''] = objectsOf(tenantNow(new Date()).groups).flatMap(({ id }) =>
  id === ONLY_HERE.group ? [] : [id],
);
const isChanged = (table: string, row: Readonly<Record<string, unknown>>) =>
  (table === 'users' && CHANGED.has(String(row['user_id']))) ||
  (table === 'service_principals' && CHANGED.has(String(row['app_instance_id'])));

export const absence: readonly FaultCase[] = [
  toldInPart('the id alone', []),
  toldInPart('names and flags', [
    'userPrincipalName',
    'displayName',
    'accountEnabled',
    'appId',
    'servicePrincipalType',
  ]),
  toldInPart('one property', ['department', 'appRoleAssignmentRequired']),
  ...(['middle', 'last'] as const).map((position): FaultCase => ({
    fault: 'told in part',
    where: `users and applications, the ${position} page of a listing`,
    strikes: () =>
      (['users', 'servicePrincipals'] as const).map((list) =>
        strike(list, position, { kind: 'tell-part', properties: ['displayName'] }),
      ),
  })),
  {
    fault: '404 for an object, once',
    where: 'users and applications that are told in part',
    start: 'changes',
    strikes: () => [tellPart(), { path: OBJECT, action: NOT_FOUND }],
  },
  {
    fault: '404 for every object, for ever',
    where: 'users and applications that are told in part',
    start: 'changes',
    strikes: () => [tellPart(), always(OBJECT, NOT_FOUND)],
    partial: { 'hr-roster': [], 'application-discovery': [] },
    keeps: isChanged,
  },
  {
    fault: '403 for every object, for ever',
    where: 'users and applications that are told in part',
    start: 'changes',
    strikes: () => [tellPart(), always(OBJECT, refusal(403, 'Authorization_RequestDenied'))],
    partial: { 'hr-roster': [], 'application-discovery': [] },
    keeps: isChanged,
  },
  {
    fault: 'changes that end without a link',
    where: 'the changes of users and of applications',
    start: 'changes',
    strikes: () => [always(DELTA, { kind: 'drop-link' })],
    partial: { 'hr-roster': [], 'application-discovery': [] },
  },
  {
    fault: '501 for the changes, for ever',
    where: 'the changes of users and of applications',
    start: 'changes',
    strikes: () => [always(DELTA, refusal(501, 'NotImplemented'))],
  },
  {
    fault: 'a page without its nextLink',
    where: 'users, a middle page',
    strikes: () => [strike('users', 'middle', { kind: 'drop-link' })],
    partial: { 'hr-roster': [] },
    keeps: (table, row) => table === 'users' && !users.slice(0, 2 * PAGE).includes(String(row['user_id'])),
    short: true,
  },
  {
    fault: 'a page without its nextLink',
    where: 'members of one group, a middle page',
    strikes: () => [strike('members', 'middle', { kind: 'drop-link' }, 1, LARGE_GROUP)],
    partial: { 'sso-roster': [] },
    keeps: (table, row) => table === 'group_members' && row['group_id'] === LARGE_GROUP,
  },
  {
    fault: 'a Graph that does not count',
    where: 'every list',
    strikes: () => [always(/\/\$count$/, refusal(400, 'Request_BadRequest'))],
  },
];

import type { Fault, FaultAction } from '../../src/emulator/index.js';

/** Everything that is read, by how its address is told from others. Those with one page have no middle and no last one. */
const LISTS = {
  users: { path: '/v1\\.0/users\\?', pages: 5 },
  servicePrincipals: { path: '/v1\\.0/servicePrincipals\\?', pages: 3 },
  organization: { path: '/v1\\.0/organization\\?', pages: 1 },
  // Of any application and any group, unless one is named: each has three pages.
  appRoleAssignedTo: { path: '/v1\\.0/servicePrincipals/[^/]+/appRoleAssignedTo', pages: 3 },
  members: { path: '/v1\\.0/groups/[^/]+/members', pages: 3 },
  reportSettings: { path: '/v1\\.0/admin/reportSettings', pages: 1 },
  signIns: { path: '/v1\\.0/auditLogs/signIns', pages: 3 },
} as const;

export type ListName = keyof typeof LISTS;
export const LIST_NAMES: readonly ListName[] = [
  'users',
  'servicePrincipals',
  'organization',
  'appRoleAssignedTo',
  'members',
  'reportSettings',
  'signIns',
];
/** With several pages. */
export const LONG_LISTS = LIST_NAMES.filter((name) => LISTS[name].pages > 1);

export const POSITIONS = ['first', 'middle', 'last'] as const;
export type Position = (typeof POSITIONS)[number];

/** A fault on one page of a list; of one application or group, where its id is given: they are read at the same time. */
export function strike(
  list: ListName,
  position: Position,
  action: FaultAction,
  times: number | 'always' = 1,
  id = '[^/]+',
): Fault {
  const { pages } = LISTS[list];
  const path = LISTS[list].path.replace('[^/]+', id);
  if (position === 'first') return { path: new RegExp(`^${path}(?!.*skiptoken)`), times, action };
  const behind = new RegExp(`^${path}.*skiptoken`);
  return { path: behind, nth: position === 'middle' ? 1 : pages - 1, times, action };
}

/** The same fault on this page of every list that has it. */
export const strikeAll = (position: Position, action: FaultAction, times: number | 'always' = 1): Fault[] =>
  (position === 'first' ? LIST_NAMES : LONG_LISTS).map((list) => strike(list, position, action, times));

/** The same fault on one page of every list: of the first list its first page, of the second one in the middle, and so on. */
export const strikeInTurn = (turn: number, action: FaultAction): Fault[] =>
  LIST_NAMES.map((list, index) =>
    strike(list, LONG_LISTS.includes(list) ? (POSITIONS[(index + turn) % 3] ?? 'first') : 'first', action),
  );

export const EVERYWHERE: Readonly<Record<Position, string>> = {
  first: 'first page of every list',
  middle: 'a middle page of every list',
  last: 'last page of every list',
};

export const TOKEN = /\/oauth2\/v2\.0\/token/;

/** As Graph says no. */
export const refusal = (status: number, code: string, message = ''): FaultAction => ({
  kind: 'reply',
  status,
  body: { error: { code, message } },
});

import { assignmentOfApplication, hasHiddenMembers, memberOfGroup } from './item.js';
import { toAssignmentRow, toMemberRow } from './normalize.js';

const PARENT = '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0';
const MEMBER = '82f4a5c7-1e55-4dad-9e0b-4f4d6f0e7ae6';
const assignmentOf = (item: object) => toAssignmentRow(assignmentOfApplication.parse({ parent: PARENT, item }));

test('an assignment as Graph sends one', () => {
  const item = {
    id: 'gWu7ZWgEFUuVUmxUWwxAiNyhLYIEmmhCsyJeu-cAOvc',
    principalId: '82F4A5C7-1E55-4DAD-9E0B-4F4D6F0E7AE6',
    principalType: 'Group',
    principalDisplayName: 'All staff',
    appRoleId: '00000000-0000-0000-0000-000000000000',
    createdDateTime: '2023-05-09T08:15:01.1234567Z',
    resourceId: PARENT,
  };
  expect(assignmentOf(item)).toEqual({
    assignmentId: 'gWu7ZWgEFUuVUmxUWwxAiNyhLYIEmmhCsyJeu-cAOvc',
    appInstanceId: PARENT,
    principalId: '82f4a5c7-1e55-4dad-9e0b-4f4d6f0e7ae6',
    principalType: 'Group',
    appRoleId: '00000000-0000-0000-0000-000000000000',
    assignedAt: '2023-05-09T08:15:01.123456Z',
  });
});

test.each(['', ' ', '\u00A0', null, undefined])('an assignment whose every text is %j is a row of nulls', (blank) => {
  const item = { id: 'a', principalId: blank, principalType: blank, appRoleId: blank, createdDateTime: blank };
  expect(assignmentOf(item)).toEqual({
    assignmentId: 'a',
    appInstanceId: PARENT,
    principalId: null,
    principalType: null,
    appRoleId: null,
    assignedAt: null,
  });
});

test.each(['0001-01-01T00:00:00Z', '1601-01-01T00:00:00Z'])('an assignment of %s has no date', (createdDateTime) => {
  expect(assignmentOf({ id: 'a', createdDateTime }).assignedAt).toBeNull();
});

test.each([
  ['#microsoft.graph.user', 'user'],
  [' #microsoft.graph.user ', 'user'],
  ['#microsoft.graph.servicePrincipal', 'servicePrincipal'],
  ['#microsoft.graph.group', 'group'],
  [' ', null],
  [undefined, null],
])('a member of the type %j is a %j', (type, memberType) => {
  const item = { '@odata.type': type, id: MEMBER.toUpperCase(), displayName: 'Adele Vance' };
  expect(toMemberRow(memberOfGroup.parse({ parent: PARENT, item }))).toEqual({
    groupId: PARENT,
    memberId: MEMBER,
    memberType,
  });
});

test.each([
  ['HiddenMembership', true],
  ['hiddenmembership', true],
  ['Private', false],
  [null, false],
  [undefined, false],
])('whether a group of visibility %s hides its members: %s', (visibility, expected) => {
  expect(hasHiddenMembers({ id: PARENT, visibility })).toBe(expected);
});

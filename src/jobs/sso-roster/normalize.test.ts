import { assignmentOfApplication, memberOfGroup } from './item.js';
import { toAssignmentRow, toMemberRow } from './normalize.js';

const PARENT = '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0';
const assignmentOf = (item: object) => toAssignmentRow(assignmentOfApplication.parse({ parent: PARENT, item }));

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
  [' ', null],
  [undefined, null],
])('a member of the type %j is a %j', (type, memberType) => {
  const item = { '@odata.type': type, id: PARENT };
  expect(toMemberRow(memberOfGroup.parse({ parent: PARENT, item })).memberType).toBe(memberType);
});

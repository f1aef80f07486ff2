import { acceptedFor } from './path-permissions.js';

test.each([
  ['/users', 'User.Read.All'],
  ['/users/delta', 'User.Read.All'],
  ['users/1', 'User.Read.All'],
  ['/organization', 'User.Read.All'],
  ['/servicePrincipals', 'Application.Read.All'],
  ['/servicePrincipals/{id}/appRoleAssignedTo', 'Application.Read.All'],
  ["applications(appId='1')", 'Application.Read.All'],
  ['/groups/{id}/members', 'GroupMember.Read.All'],
  ['/groups', 'GroupMember.Read.All'],
  ['/auditLogs/signIns', 'AuditLog.Read.All'],
  ['/admin/reportSettings', 'ReportSettings.Read.All'],
  ['/usersAndMore', undefined],
  ['/devices', undefined],
])('for %s we ask for %s', (path, permission) => {
  expect(acceptedFor(path)[0]).toBe(permission);
});

test('what reads one path does not read another that looks like it', () => {
  expect(acceptedFor('/users')).toContain('User.ReadWrite.All');
  expect(acceptedFor('/organization')).not.toContain('User.ReadWrite.All');
  expect(acceptedFor('/groups/1/members')).toContain('GroupMember.ReadBasic.All');
  expect(acceptedFor('/groups')).not.toContain('GroupMember.ReadBasic.All');
  expect(acceptedFor('/groups/1')).not.toContain('GroupMember.ReadBasic.All');
  expect(acceptedFor('/users')).not.toContain('User.ReadBasic.All');
});

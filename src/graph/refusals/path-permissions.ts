const DIRECTORY = ['Directory.Read.All', 'Directory.ReadWrite.All'];
const USERS = ['User.Read.All', 'User.ReadWrite.All', ...DIRECTORY];
const APPLICATIONS = ['Application.Read.All', 'Application.ReadWrite.All', ...DIRECTORY];
const GROUPS = ['GroupMember.Read.All', 'GroupMember.ReadWrite.All', 'Group.Read.All', 'Group.ReadWrite.All'];

/**
 * Which application permissions let a path be read with GET: any one of them does. The first is the one that Rollcall asks
 * for. `User.ReadBasic.All` is left out: it shows basic properties only, and a request for others is refused.
 * @see https://github.com/microsoftgraph/microsoft-graph-devx-content/blob/master/permissions/new/permissions.json
 */
const ACCEPTED: readonly (readonly [path: RegExp, permissions: readonly string[]])[] = [
  [/^users(\/|$)/i, USERS],
  [/^directory\/deletedItems\/microsoft\.graph\.user(\/|$)/i, USERS],
  // It is not among the paths of User.ReadWrite.All.
  [/^organization(\/|$)/i, ['User.Read.All', 'Organization.Read.All', 'Organization.ReadWrite.All', ...DIRECTORY]],
  [/^(servicePrincipals|applications)(\/|\(|$)/i, APPLICATIONS],
  [/^directory\/deletedItems\/microsoft\.graph\.(servicePrincipal|application)(\/|$)/i, APPLICATIONS],
  [/^groups\/[^/]+\/members(\/|$)/i, [...GROUPS, 'GroupMember.ReadBasic.All', ...DIRECTORY]],
  // Not among those of GroupMember.ReadBasic.All.
  [/^groups(\/|$)/i, [...GROUPS, 'Group.ReadBasic.All', ...DIRECTORY]],
  [/^auditLogs\/signIns(\/|$)/i, ['AuditLog.Read.All']],
  [/^admin\/reportSettings$/i, ['ReportSettings.Read.All', 'ReportSettings.ReadWrite.All']],
];

/**
 * The permissions that each suffice to read a path, the one to request first; none if the path is not known here.
 * @param path below the version, with or without a slash at its head; `{id}` may stand for an id
 */
export function acceptedFor(path: string): readonly string[] {
  const relative = path.replace(/^\//, '');
  return ACCEPTED.find(([pattern]) => pattern.test(relative))?.[1] ?? [];
}

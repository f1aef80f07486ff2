import { acceptedFor } from '../graph/index.js';

/** An application permission of Graph. */
export interface Permission {
  /** Its id as an app role of Graph: what the Azure CLI wants. */
  readonly id: string;
  /** What it lets Rollcall read. */
  readonly reads: string;
  /** The path that needs it; broader permissions for this path work too. Empty if it only adds to another permission. */
  readonly path: string;
  /** What is unknown without it, if every task works without it. */
  readonly without?: string;
  /** Most tenants have nothing that needs it: the doctor looks before it warns. */
  readonly isRarelyNeeded?: true;
}

/**
 * Every permission that a task needs, and the optional ones.
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const PERMISSIONS: Readonly<Record<string, Permission>> = {
  'User.Read.All': {
    id: 'df021288-bdef-4463-88db-98f22de89214',
    reads: 'users with all their properties, and the organization',
    path: '/users',
  },
  'Application.Read.All': {
    id: '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
    reads: 'applications, who is assigned to them, and when the own client secret expires',
    path: '/servicePrincipals',
  },
  'GroupMember.Read.All': {
    id: '98830695-27a2-44f7-8c18-0c3ebc9698f6',
    reads: 'groups and their members, without what is in them (mail, files)',
    path: '/groups/{id}/members',
  },
  'AuditLog.Read.All': {
    id: 'b0afded3-3588-46d8-8b3d-9842eff778da',
    reads: 'sign-ins: who, when, from where, to which application',
    path: '/auditLogs/signIns',
  },
  'Member.Read.Hidden': {
    id: '658aa5d8-239f-45c4-aa12-864f4fc7e490',
    reads: 'members of groups whose membership is hidden',
    path: '',
    without: 'groups with hidden membership cannot be read: what is known of them stays, and sso-roster is partial',
    isRarelyNeeded: true,
  },
  'ReportSettings.Read.All': {
    id: 'ee353f83-55ef-4b78-82da-555bfa2b4b95',
    reads: 'whether names are concealed in the usage reports of Microsoft 365',
    path: '/admin/reportSettings',
    without: 'whether names are concealed stays unknown',
  },
};

/** The role that grants what a permission grants for its path: itself or a broader one; undefined if none does. */
export function grantedBy(
  permission: string,
  roles: readonly string[],
  path = PERMISSIONS[permission]?.path ?? '',
): string | undefined {
  return [permission, ...acceptedFor(path)].find((name) => roles.includes(name));
}

/** Whether a token says that it lacks a permission, and every other that does the same. @param roles undefined if it does not say */
export const isLacking = (permission: string, roles: readonly string[] | undefined): boolean =>
  roles !== undefined && grantedBy(permission, roles) === undefined;

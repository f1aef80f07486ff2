import type { GraphRequest } from './answer.js';
import { forbidden, noPremium, permissionMissing } from './denials.js';
import { names } from './object-type.js';

/** @see https://learn.microsoft.com/graph/permissions-reference#userreadbasicall */
const BASIC = new Set(names('id displayName givenName surname mail userPrincipalName securityIdentifier'));

const FULL = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'];

/** Refuses properties that need more than the right to read users. */
export function checkUserFields({ call, caller, tenant }: GraphRequest, fields: readonly string[]): void {
  const { roles } = caller;
  const isBasic = !FULL.some((role) => roles.includes(role));
  if (isBasic && call.query.has('$select') && fields.some((field) => !BASIC.has(field))) throw forbidden();
  if (!fields.includes('signInActivity')) return;
  // Not only this property: the whole request fails, https://learn.microsoft.com/graph/api/resources/signinactivity
  if (!tenant.premium) throw noPremium();
  if (!roles.includes('AuditLog.Read.All')) throw permissionMissing('AuditLog.Read.All');
}

import { GraphFailure } from './graph-failure.js';

/** The directory's refusal, which does not say what is missing. */
export function forbidden(): GraphFailure {
  return new GraphFailure(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

/** The refusal of reports and audits. */
export function permissionMissing(permission: string): GraphFailure {
  return new GraphFailure(
    403,
    'Authentication_MSGraphPermissionMissing',
    `The principal does not have required Microsoft Graph permission(s): ${permission} to call this API. For more information about Microsoft Graph permissions, please visit https://learn.microsoft.com/graph/permissions-overview.`,
  );
}

/** Sign-ins are for tenants that pay for P1 or P2. */
export function noPremium(): GraphFailure {
  return new GraphFailure(
    403,
    'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    "Neither tenant is B2C or tenant doesn't have premium license",
  );
}

import { decodeJwt } from 'jose';
import { RollcallError } from '../../errors.js';
import type { CredentialKind } from '../../settings/credential.js';

/** What a token says of itself. Never the token. */
export interface TokenFacts {
  readonly kind: CredentialKind;
  readonly expiresAt: Date;
  /** Granted application permissions, such as `User.Read.All`. */
  readonly roles: readonly string[];
  readonly appId: string | undefined;
  readonly tenantId: string | undefined;
}

/**
 * Reads a token of Graph without checking it: only its audience can. Nothing but advice may depend on it: to a client a
 * token is opaque, and what cannot be read is left out.
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens
 */
export function claimsOf(token: string): Pick<TokenFacts, 'roles' | 'appId' | 'tenantId'> {
  const { roles, appid, azp, tid } = decode(token);
  const text = (claim: unknown) => (typeof claim === 'string' ? claim : undefined);
  return {
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    appId: text(appid) ?? text(azp),
    tenantId: text(tid),
  };
}

/** The permissions that a token says it has; undefined if it does not say. */
export function rolesIn({ roles, appId, tenantId }: Pick<TokenFacts, 'roles' | 'appId' | 'tenantId'>) {
  return roles.length === 0 && appId === undefined && tenantId === undefined ? undefined : roles;
}

/**
 * A managed identity logs in to its own directory, whatever the settings say; its people must not land under another's id.
 * @throws RollcallError `login_refused`
 */
export function checkTenant(token: string, expected: string, place: string): void {
  const { tenantId } = claimsOf(token);
  if (tenantId === undefined || tenantId.toLowerCase() === expected.toLowerCase()) return;
  throw new RollcallError(
    'login_refused',
    `The token from ${place} is of the tenant ${tenantId}; expected ${expected}`,
    'A managed identity belongs to one tenant: set AZURE_TENANT_ID to it. To read another tenant use an app registration.',
  );
}

function decode(token: string): Readonly<Record<string, unknown>> {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

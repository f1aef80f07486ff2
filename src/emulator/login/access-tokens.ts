import { randomUUID } from 'node:crypto';
import { decodeJwt, errors, exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWK } from 'jose';
import { guid } from '../guid.js';
import type { Application, TenantData } from '../tenant/tenant-data.js';

/** Who calls, as the access token says. */
export interface Caller {
  readonly tenantId: string;
  readonly clientId: string;
  readonly roles: readonly string[];
  /** Seconds since 1970. */
  readonly expires: number;
}

/** Issues access tokens and reads them again. */
export interface AccessTokens {
  readonly lifetimeSeconds: number;
  issue(tenant: TenantData, application: Application, audience: string): Promise<string>;
  /** The caller, or in Graph's words what is wrong with the token. */
  read(token: string): Promise<Caller | { readonly refused: string }>;
  readonly publicKey: JWK;
}

interface AccessTokenOptions {
  readonly clock: () => number;
  readonly lifetimeSeconds: number;
}

// A token is read once for every request, and checking its signature costs more than answering many of them.
const REMEMBERED = 1000;

/** Entra dates tokens back, so that clocks may differ. */
const BACKDATED_SECONDS = 300;

/** Real JSON web tokens under a key of this process. */
export async function createAccessTokens({ clock, lifetimeSeconds }: AccessTokenOptions): Promise<AccessTokens> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = 'emulator';
  const known = new Map<string, Caller>();

  const check = async (token: string): Promise<Caller | { readonly refused: string }> => {
    try {
      await jwtVerify(token, publicKey, { currentDate: new Date(clock()) });
    } catch (thrown) {
      if (!(thrown instanceof errors.JWTExpired)) return { refused: refusal(token) };
    }
    const claims = decodeJwt(token);
    const { tid, appid, roles, exp } = claims;
    if (typeof tid !== 'string' || typeof appid !== 'string' || exp === undefined) return { refused: refusal(token) };
    const granted = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
    return { tenantId: tid, clientId: appid, roles: granted, expires: exp };
  };

  return {
    lifetimeSeconds,
    publicKey: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' },
    issue(tenant, application, audience) {
      const now = Math.floor(clock() / 1000);
      return new SignJWT({
        appid: application.clientId,
        appidacr: '1',
        idp: `https://sts.windows.net/${tenant.tenantId}/`,
        oid: guid('principal', application.clientId),
        roles: [...application.roles],
        tid: tenant.tenantId,
        // No two tokens are equal, even of one second.
        uti: randomUUID(),
        ver: '1.0',
      })
        .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid })
        .setIssuer(`https://sts.windows.net/${tenant.tenantId}/`)
        .setAudience(audience)
        .setIssuedAt(now - BACKDATED_SECONDS)
        .setNotBefore(now - BACKDATED_SECONDS)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(privateKey);
    },
    async read(token) {
      const caller = known.get(token) ?? (await check(token));
      if ('refused' in caller) return caller;
      if (known.size >= REMEMBERED) known.clear();
      known.set(token, caller);
      if (caller.expires * 1000 <= clock()) return { refused: 'Lifetime validation failed, the token is expired.' };
      return caller;
    },
  };
}

function refusal(token: string): string {
  return token.split('.').length === 3
    ? 'Access token validation failure. Invalid signature.'
    : 'IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format.';
}

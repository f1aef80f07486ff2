import type { Config } from '../settings/config.js';
import { CLOUDS } from '../settings/clouds.js';
import { pathOf, type SecretReader } from '../settings/secret-ref.js';
import type { Login } from '../settings/credential.js';
import { RollcallError } from '../errors.js';
import type { Access } from './configured.js';

/** A kept tenant is in the cloud that it names, whatever the environment says; or else where the environment says. */
export function hostsOf({ authorityHost, graphBaseUrl, graphAudience }: Config, access: Access) {
  const cloud = access.from === 'database' && access.cloud !== null ? CLOUDS[access.cloud] : undefined;
  return cloud ?? { authorityHost, graphBaseUrl, graphAudience };
}

/** How an application of a tenant logs in, its secret fetched. @throws RollcallError `secret_missing` */
export async function loginOf(tenantId: string, access: Access, readSecret: SecretReader): Promise<Login> {
  if (access.from === 'environment') return access.tenant;
  const { clientId, credential: kind, secretRef, passwordRef } = access;
  switch (kind) {
    case 'secret':
      return { tenantId, clientId, credential: { kind, clientSecret: await readSecret(required(secretRef)) } };
    case 'certificate': {
      const password = passwordRef === null ? undefined : await readSecret(passwordRef);
      return { tenantId, clientId, credential: { kind, path: required(pathOf(required(secretRef))), password } };
    }
    case 'federated':
      return { tenantId, clientId, credential: { kind, tokenFile: required(pathOf(required(secretRef))) } };
    case 'managed-identity':
      return { tenantId, clientId, credential: { kind } };
    default:
      return kind satisfies never;
  }
}

/** The schema lets no tenant without it in; somebody may have written to the table by hand. */
function required(value: string | null | undefined): string {
  if (value !== null && value !== undefined) return value;
  const message = 'It is not written down where the secret of this tenant is';
  throw new RollcallError('secret_missing', message, 'Say it: rollcall tenants update <name> --secret-ref …');
}

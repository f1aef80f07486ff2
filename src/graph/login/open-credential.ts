import { RollcallError } from '../../errors.js';
import type { Access } from '../../settings/credential.js';
import { pathOf, type SecretReader } from '../../settings/secret-ref.js';
import { readCertificate } from './certificate.js';
import type { Credential } from './credential.js';

/**
 * The credential of a tenant, with its secret fetched. A certificate is read and checked, here and once; a token file is read at each login.
 * @throws RollcallError `secret_missing`, `credential_invalid`
 */
export async function openCredential(
  { tenantId, access }: { readonly tenantId: string; readonly access: Access },
  readSecret: SecretReader,
): Promise<Credential> {
  const { clientId, credential: kind, secretRef, passwordRef } = access;
  switch (kind) {
    case 'secret':
      return { tenantId, clientId, kind, clientSecret: await readSecret(required(secretRef)) };
    case 'certificate': {
      const password = passwordRef === null ? undefined : await readSecret(passwordRef);
      const certificate = await readCertificate(required(pathOf(required(secretRef))), password);
      return { tenantId, clientId, kind, certificate };
    }
    case 'federated':
      return { tenantId, clientId, kind, tokenFile: required(pathOf(required(secretRef))) };
    case 'managed-identity':
      return { tenantId, clientId, kind };
    default:
      return kind satisfies never;
  }
}

/** The schema accepts no tenant without it, but the table may have been edited by hand. */
function required(value: string | null | undefined): string {
  if (value !== null && value !== undefined) return value;
  throw new RollcallError(
    'secret_missing',
    'The tenant does not say where its secret is',
    'Say it: rollcall tenants update <name> --secret-ref …',
  );
}
